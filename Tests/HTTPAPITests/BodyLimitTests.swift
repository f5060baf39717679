import HTTPAPI
import Testing

@Suite struct BodyLimitTests {
    private func head(_ headers: String) -> String {
        "POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: AmazonSQS.ListQueues\r\n\(headers)\r\n\r\n"
    }

    @Test func `a body whose length is over the limit is refused before it is read`() throws {
        let server = try TestServer { $0.requestBodySizeBytesMax = 1_000 }
        let client = try server.connect()
        try client.send(head("Content-Length: 1001"))
        let answer = try client.readResponse()
        #expect(answer.status == 413)
        #expect(answer.string("__type")?.hasSuffix("#RequestEntityTooLargeException") == true)
        #expect(answer[header: "Connection"] == "close")
        #expect(try client.isClosedByServer())
        #expect(try server.serves())
    }

    @Test func `a body as long as the limit is read`() throws {
        let server = try TestServer { $0.requestBodySizeBytesMax = 1_000 }
        let client = try server.connect()
        let body = "{" + String(repeating: " ", count: 998) + "}"
        try client.send(head("Content-Length: 1000") + body)
        #expect(try client.readResponse().status == 200)
        let chunks = "1F4\r\n\(body.prefix(500))\r\n1f4\r\n\(body.suffix(500))\r\n0\r\n\r\n"
        try client.send(head("Transfer-Encoding: chunked") + chunks)
        #expect(try client.readResponse().status == 200)
    }

    @Test func `chunks that add up to more than the limit are refused`() throws {
        let server = try TestServer { $0.requestBodySizeBytesMax = 1_000 }
        let client = try server.connect()
        let chunk = "100\r\n" + String(repeating: " ", count: 256) + "\r\n"
        try client.send(head("Transfer-Encoding: chunked") + String(repeating: chunk, count: 4))
        #expect(try client.readResponse().status == 413)
        #expect(try client.isClosedByServer())
        #expect(try server.serves())
    }

    @Test func `a client that goes on sending a refused body can still read the answer`() throws {
        let server = try TestServer { $0.requestBodySizeBytesMax = 1_000 }
        let client = try server.connect()
        try client.send(head("Content-Length: 20000000"))
        let part = [UInt8](repeating: 0x20, count: 1_000_000)
        for _ in 0..<20 {
            try client.send(part)
        }
        #expect(try client.readResponse().status == 413)
        #expect(try client.isClosedByServer())
    }

    @Test func `a long body that comes in many pieces arrives whole`() throws {
        let server = try TestServer()
        let client = try server.connect(withQueue: "orders")
        let text = String((0..<1_000_000).map { "abcdefghij"[String.Index(utf16Offset: $0 % 10, in: "abcdefghij")] })
        let sent = try client.answer("SendMessage", #"{"QueueUrl":"orders","MessageBody":"\#(text)"}"#)
        #expect(sent.status == 200)
        let received = try client.answer("ReceiveMessage", #"{"QueueUrl":"orders"}"#)
        #expect(received.messages.first?["Body"] as? String == text)
    }

    @Test func `who asks whether to go on with the body is told to`() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send(head("Content-Length: 2\r\nExpect: 100-continue"))
        #expect(try client.readResponse().status == 100)
        try client.send("{}")
        #expect(try client.readResponse().status == 200)
        #expect(try client.answer("ListQueues", "{}").status == 200)
    }

    @Test func `who asks whether to send a body that is too long is told no`() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send(head("Content-Length: \(7 * 1_048_576 + 1)\r\nExpect: 100-Continue"))
        #expect(try client.readResponse().status == 413)
        #expect(try client.isClosedByServer())
    }

    @Test func `an expectation that nobody can meet is refused`() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send(head("Content-Length: 2\r\nExpect: miracles"))
        #expect(try client.readResponse().status == 417)
        #expect(try client.isClosedByServer())
    }
}
