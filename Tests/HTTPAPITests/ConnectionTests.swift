import Foundation
import HTTPAPI
import Testing

@Suite struct ConnectionTests {
    @Test func `a message that was sent can be received and deleted over one connection`() throws {
        let server = try TestServer()
        let client = try server.connect(withQueue: "orders")
        let sent = try client.answer("SendMessage", #"{"QueueUrl":"orders","MessageBody":"hello"}"#)
        #expect(sent.status == 200)
        let received = try client.answer("ReceiveMessage", #"{"QueueUrl":"orders"}"#)
        #expect(received.messages.count == 1)
        #expect(received.messages.first?["Body"] as? String == "hello")
        let handle = received.messages.first?["ReceiptHandle"] as? String ?? ""
        let deleted = try client.answer(
            "DeleteMessage",
            #"{"QueueUrl":"orders","ReceiptHandle":"\#(handle)"}"#
        )
        #expect(deleted.status == 200)
        #expect(deleted.body.isEmpty)
        #expect(deleted[header: "Content-Length"] == "0")
    }

    @Test func `every answer has a request id of its own in the form of a UUID`() throws {
        let server = try TestServer()
        let client = try server.connect()
        var ids: Set<String> = []
        for body in ["{}", "garbage", "{}", "garbage"] {
            let answer = try client.answer("ListQueues", body)
            let id = try #require(answer[header: "x-amzn-RequestId"])
            #expect(id.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
            ids.insert(id)
        }
        #expect(ids.count == 4)
    }

    @Test func `a thousand pipelined requests are answered in their order`() throws {
        let server = try TestServer()
        let client = try server.connect()
        let requests = (0..<1_000).map { TestClient.request("CreateQueue", #"{"QueueName":"q\#($0)"}"#) }
        try client.send(requests.joined())
        for number in 0..<1_000 {
            let answer = try client.readResponse()
            #expect(answer.string("QueueUrl") == "http://localhost:9324/000000000000/q\(number)")
        }
    }

    @Test func `requests that piled up behind another one are answered without nesting`() throws {
        let connection = try EmbeddedConnection()
        let count = 20_000
        let refused = "POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: B\r\n\r\n"
        try connection.receive(TestClient.request("ListQueues", "{}") + String(repeating: refused, count: count))
        #expect(try connection.sent().components(separatedBy: "HTTP/1.1 400 Bad Request\r\n").count == count + 1)
        #expect(connection.isOpen)
    }

    @Test func `a pipelined request waits for the one before it`() throws {
        let server = try TestServer()
        let client = try server.connect(withQueue: "orders")
        server.store.hold()
        try client.send(
            TestClient.request("SendMessage", #"{"QueueUrl":"orders","MessageBody":"first"}"#)
                + TestClient.request("Nonsense", "{}")
        )
        server.waitUntilHolding(1)
        server.store.release()
        #expect(try client.readResponse().status == 200)
        #expect(try client.readResponse().status == 400)
    }

    @Test func `requests that come in pieces behind one under way are answered after it, in order`() throws {
        let connection = try EmbeddedConnection()
        try connection.receive(TestClient.request("CreateQueue", #"{"QueueName":"orders"}"#))
        _ = try connection.sent()
        connection.store.hold()
        try connection.receive(TestClient.request("SendMessage", #"{"QueueUrl":"orders","MessageBody":"first"}"#))
        let behind = TestClient.request("Nonsense", "{}") + TestClient.request("ListQueues", "{}")
        for piece in [behind.prefix(10), behind.dropFirst(10).prefix(60), behind.dropFirst(70)] {
            try connection.receive(String(piece))
        }
        #expect(try connection.sent().isEmpty)
        connection.store.release()
        connection.run()
        let sent = try connection.sent()
        let order = ["MessageId", "UnknownOperation", "QueueUrls"].map { sent.firstRange(of: $0)?.lowerBound }
        #expect(!order.contains(nil))
        #expect(order.compactMap(\.self) == order.compactMap(\.self).sorted())
        #expect(sent.components(separatedBy: "HTTP/1.1 ").count == 4)
        #expect(connection.isOpen)
    }

    @Test func `a request that comes byte by byte is understood`() throws {
        let server = try TestServer()
        let client = try server.connect()
        for byte in Array(TestClient.request("CreateQueue", #"{"QueueName":"slow"}"#).utf8) {
            try client.send([byte])
        }
        #expect(try client.readResponse().status == 200)
    }

    @Test func `a body in chunks is understood`() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send(
            "POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: AmazonSQS.CreateQueue\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "2\r\n{\"\r\nA\r\nQueueName\"\r\n5\r\n:\"q\"}\r\n0\r\n\r\n"
        )
        #expect(try client.readResponse().string("QueueUrl") == "http://a/000000000000/q")
        #expect(try client.answer("ListQueues", "{}").status == 200)
    }

    @Test func `Connection close is answered in kind and the connection is closed`() throws {
        let server = try TestServer()
        let client = try server.connect()
        let answer = try client.answer("ListQueues", "{}", headers: ["Connection: close"])
        #expect(answer.status == 200)
        #expect(answer[header: "Connection"] == "close")
        #expect(try client.isClosedByServer())
    }

    @Test func `a request pipelined behind Connection close is not carried out`() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send(
            TestClient.request("ListQueues", "{}", headers: ["Connection: close"])
                + TestClient.request("CreateQueue", #"{"QueueName":"late"}"#)
        )
        #expect(try client.readResponse().status == 200)
        #expect(try client.isClosedByServer())
        #expect(try server.connect().answer("ListQueues", "{}").json?["QueueUrls"] == nil)
    }

    @Test func `HTTP 1 point 0 is answered and closed unless the client asks to keep the connection`() throws {
        let server = try TestServer()
        let client = try server.connect()
        let head = "POST / HTTP/1.0\r\nX-Amz-Target: AmazonSQS.CreateQueue\r\nContent-Length: 17\r\n"
        let body = #"{"QueueName":"q"}"#
        try client.send(head + "Connection: keep-alive\r\n\r\n" + body)
        let first = try client.readResponse()
        #expect(first[header: "Connection"] == "keep-alive")
        #expect(first.string("QueueUrl") == "http://127.0.0.1:\(server.port)/000000000000/q")
        try client.send(head + "\r\n" + body)
        #expect(try client.readResponse()[header: "Connection"] == "close")
        #expect(try client.isClosedByServer())
    }

    @Test func `more connections than configured are closed at once and leave room when they go`() throws {
        let server = try TestServer {
            $0.connectionsMax = 2
            $0.surplusConnectionsMax = 0
        }
        let first = try server.connect()
        let second = try server.connect()
        #expect(try first.answer("ListQueues", "{}").status == 200)
        #expect(try second.answer("ListQueues", "{}").status == 200)
        #expect(try server.connect().isClosedByServer())
        first.close()
        try server.waitForConnections(atMost: 1)
        #expect(try server.serves())
    }

    @Test func `a client that does not read its answers stops being served until it does`() throws {
        let server = try TestServer()
        let client = try TestClient(port: server.port, receiveBufferBytes: 4_096)
        _ = try client.answer("CreateQueue", #"{"QueueName":"orders"}"#)
        let body = String(repeating: "x", count: 1_000_000)
        #expect(try client.answer("SendMessage", #"{"QueueUrl":"orders","MessageBody":"\#(body)"}"#).status == 200)
        let receive = TestClient.request("ReceiveMessage", #"{"QueueUrl":"orders","VisibilityTimeout":0}"#)
        let count = 60
        let submissionsBefore = server.store.submissions
        try client.send(String(repeating: receive, count: count))
        for _ in 0..<10 * count {
            try server.settle()
        }
        // What the kernel's buffers hold, and a little more.
        #expect(server.store.submissions - submissionsBefore < count / 2)
        for _ in 0..<count {
            #expect(try client.readResponse().body.utf8.count > 1_000_000)
        }
    }
}
