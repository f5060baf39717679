import HTTPAPI
import Testing

@Suite struct HostTests {
    @Test(arguments: [
        "localhost", "localhost:9324", "127.0.0.1:1", "sqs.eu-1.example_x.com:65535", "[::1]", "[::1]:9324",
        "[::ffff:10.0.0.1]:80", String(repeating: "a", count: 255),
    ])
    func `a host with or without a port has the right form`(host: String) {
        #expect(HostForm.isValid(host))
    }

    @Test(arguments: [
        "", ":80", "a:", "a:0", "a:65536", "a:123456", "a:8x", "a b", "a/b", "user@a", "a?b", "a#b", "a,b", "é",
        "[::1", "[]", "[1]", "[::1]x", "[::g]", "::1", "a:1:2", "a\"", "<a>", String(repeating: "a", count: 256),
    ])
    func `anything else has not`(host: String) {
        #expect(!HostForm.isValid(host))
    }

    @Test func `queue URLs begin with the host that the caller used`() throws {
        let server = try TestServer()
        let client = try server.connect()
        for host in ["queues.example:1234", "[::1]:9324", "a", "queues.example:1234"] {
            try client.send(
                "POST / HTTP/1.1\r\nhost: \(host)\r\nx-amz-target: AmazonSQS.CreateQueue\r\n"
                    + "Content-Length: 17\r\n\r\n" + #"{"QueueName":"q"}"#
            )
            #expect(try client.readResponse().string("QueueUrl") == "http://\(host)/000000000000/q")
        }
    }

    @Test func `queue URLs begin with the public URL where there is one`() throws {
        let server = try TestServer { $0.publicUrl = "https://sqs.example.com/" }
        let answer = try server.connect().answer("CreateQueue", #"{"QueueName":"q"}"#)
        #expect(answer.string("QueueUrl") == "https://sqs.example.com/000000000000/q")
    }

    @Test func `the authority of an absolute target wins over Host`() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send(
            "POST http://proxied:80/path HTTP/1.1\r\nHost: other\r\nX-Amz-Target: AmazonSQS.CreateQueue\r\n"
                + "Content-Length: 17\r\n\r\n" + #"{"QueueName":"q"}"#
        )
        #expect(try client.readResponse().string("QueueUrl") == "http://proxied:80/000000000000/q")
    }

    @Test(arguments: [
        "", "Host: a\r\nHost: a\r\n", "Host: a b\r\n", "Host: http://a/\r\n", "Host: a:99999\r\n", "Host:\r\n",
    ])
    func `a missing, doubled or ill-formed Host is refused in the shape of the protocol`(host: String) throws {
        let server = try TestServer { $0.publicUrl = "https://sqs.example.com" }
        let client = try server.connect()
        try client.send("POST / HTTP/1.1\r\n\(host)X-Amz-Target: AmazonSQS.ListQueues\r\nContent-Length: 2\r\n\r\n{}")
        let answer = try client.readResponse()
        #expect(answer.status == 400)
        #expect(answer[header: "Content-Type"] == "application/x-amz-json-1.0")
        #expect(answer[header: "x-amzn-query-error"] == "MalformedHttpRequestException;Sender")
        #expect(try client.isClosedByServer())
    }
}
