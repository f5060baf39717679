import Benchmark
import Testing

struct EndpointTests {
    @Test func `host, port and path are taken from the URL`() throws {
        let endpoint = try #require(Endpoint(url: "http://queue.example:9400/sqs/v1"))
        #expect(endpoint.host == "queue.example" && endpoint.port == 9400 && endpoint.path == "/sqs/v1")
        #expect(endpoint.authority == "queue.example:9400")
        let plain = try #require(Endpoint(url: "http://queue.example"))
        #expect(plain.port == 80 && plain.path == "/")
        let six = try #require(Endpoint(url: "http://[::1]:9324/"))
        #expect(six.host == "::1" && six.port == 9324 && six.authority == "[::1]:9324")
    }

    @Test(
        arguments: [
            "", "localhost:9324", "https://localhost:9324", "http://", "http://:9324", "http://localhost:0",
            "http://localhost:65536", "http://localhost:x", "http://a:1:2", "http://[::1", "http://user@host:1",
            "http://host:1/?query", "http://host:1/a b", "http://host:1/\r\nX: y",
        ]
    )
    func `what is no http URL is refused`(url: String) {
        #expect(Endpoint(url: url) == nil)
    }
}
