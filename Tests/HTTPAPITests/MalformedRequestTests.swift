import Testing

@Suite struct MalformedRequestTests {
    @Test(arguments: [
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}",
        "NONSENSE\r\n\r\n",
        "GET\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "POST / HTTP/3.0\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}xx\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nX-Folded: a\r\n b\r\n\r\n",
        "POST / HTTP/1.1\r\nHost : a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\n: nameless\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nX: a\u{0}b\r\n\r\n",
        "POST / HTTP/1.1\r\n Host: a\r\n\r\n",
        "POST / HTTP/1.1\nHost: a\n\n",
        "POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: A\r\nX-Amz-Target: B\r\n\r\n",
    ])
    func `what is not HTTP is answered 400 and closed while other connections go on`(request: String) throws {
        let server = try TestServer()
        let bystander = try server.connect()
        let client = try server.connect()
        try client.send(request)
        let answer = try client.readResponse()
        #expect(answer.status == 400)
        #expect(answer[header: "Connection"] == "close")
        #expect(answer[header: "x-amzn-RequestId"] != nil)
        #expect(answer.body.contains("MalformedHttpRequestException"))
        #expect(try client.isClosedByServer())
        #expect(try bystander.answer("ListQueues", "{}").status == 200)
        #expect(try server.serves())
    }

    @Test func `requests in front of what is not HTTP are answered first`() throws {
        let server = try TestServer()
        let client = try server.connect(withQueue: "orders")
        server.store.hold()
        try client.send(
            TestClient.request("SendMessage", #"{"QueueUrl":"orders","MessageBody":"m"}"#) + "garbage\r\n\r\n"
        )
        server.waitUntilHolding(1)
        server.store.release()
        #expect(try client.readResponse().status == 200)
        #expect(try client.readResponse().status == 400)
        #expect(try client.isClosedByServer())
    }

    @Test func `a truncated request is carried out by nobody`() throws {
        let server = try TestServer()
        let request = TestClient.request("CreateQueue", #"{"QueueName":"half"}"#)
        for length in stride(from: 1, to: request.utf8.count, by: 7) {
            let client = try server.connect()
            try client.send(Array(request.utf8.prefix(length)))
            client.close()
        }
        let answer = try server.connect().answer("ListQueues", "{}")
        #expect(answer.status == 200)
        #expect(answer.json?["QueueUrls"] == nil)
    }

    @Test func `random bytes harm nobody`() throws {
        let server = try TestServer()
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            let client = try server.connect()
            let bytes = (0..<Int.random(in: 1...2_000, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            try? client.send(bytes)
            client.reset()
        }
        #expect(try server.serves())
    }

    @Test(arguments: [
        "X-Long: " + String(repeating: "x", count: 9_000) + "\r\n",
        String(repeating: "X-Many: y\r\n", count: 70),
        String(repeating: "X-Wide: " + String(repeating: "x", count: 4_000) + "\r\n", count: 10),
    ])
    func `headers too long or too many are answered 431 and closed`(headers: String) throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\n\(headers)\r\n")
        #expect(try client.readResponse().status == 431)
        #expect(try client.isClosedByServer())
        #expect(try server.serves())
    }

    @Test func `a target too long is answered 431`() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("GET /\(String(repeating: "x", count: 40_000)) HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.readResponse().status == 431)
    }

    @Test(arguments: [
        "{", "", "null", "[]", #"{"QueueName":1}"#, #"{"QueueName":"q","Attributes":[]}"#,
        #"{"QueueName":"q","Attributes":{"DelaySeconds":{}}}"#, "\u{0}", String(repeating: "[", count: 100_000),
    ])
    func `a body that is not what the operation takes is an AWS error and the connection goes on`(
        body: String
    ) throws {
        let server = try TestServer()
        let client = try server.connect()
        let answer = try client.answer("CreateQueue", body)
        #expect(answer.status == 400)
        #expect(answer[header: "Content-Type"] == "application/x-amz-json-1.0")
        #expect(answer[header: "x-amzn-query-error"]?.hasSuffix(";Sender") == true)
        #expect(answer.string("__type") != nil)
        #expect(answer.string("message") != nil)
        #expect(try client.answer("ListQueues", "{}").status == 200)
    }
}
