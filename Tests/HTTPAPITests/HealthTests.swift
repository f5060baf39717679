import Testing

@Suite struct HealthTests {
    @Test func `a store that commits is healthy`() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
        let answer = try client.readResponse()
        #expect(answer.status == 200)
        #expect(answer.body == "OK")
        #expect(answer[header: "Content-Type"] == "text/plain")
        try client.send("HEAD /health?x HTTP/1.1\r\nHost: a\r\n\r\n")
        let headOnly = try client.readResponse(isToHead: true)
        #expect(headOnly.status == 200)
        #expect(headOnly[header: "Content-Length"] == "2")
        #expect(try client.answer("ListQueues", "{}").status == 200)
    }

    @Test func `a store that fails is not`() throws {
        let server = try TestServer()
        server.store.fail()
        let client = try server.connect()
        try client.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.readResponse().status == 503)
        let answer = try client.answer("ListQueues", "{}")
        #expect(answer.status == 500)
        #expect(answer[header: "x-amzn-query-error"] == "InternalFailure;Receiver")
    }

    @Test func `health waits for the store`() throws {
        let server = try TestServer()
        server.store.hold()
        let client = try server.connect()
        try client.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
        server.waitUntilHolding(1)
        server.store.release()
        #expect(try client.readResponse().status == 200)
    }

    @Test func `health knows no other methods`() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}")
        let answer = try client.readResponse()
        #expect(answer.status == 405)
        #expect(answer[header: "Allow"] == "GET, HEAD")
    }
}
