import Foundation
import HTTPAPI
import NIOCore
import NIOEmbedded
import Testing

@Suite struct HalfCloseTests {
    private static let send = #"{"QueueUrl":"orders","MessageBody":"m"}"#

    private func receiveCount(_ server: TestServer) throws -> String? {
        let answer = try server.connect().answer(
            "ReceiveMessage",
            #"{"QueueUrl":"orders","AttributeNames":["All"]}"#
        )
        return (answer.messages.first?["Attributes"] as? [String: String])?["ApproximateReceiveCount"]
    }

    @Test func `a request whose client has finished sending is answered and the connection closed`() throws {
        let server = try TestServer()
        let client = try server.connect(withQueue: "orders")
        try client.call("SendMessage", Self.send)
        client.finishSending()
        #expect(try client.readResponse().status == 200)
        #expect(try client.isClosedByServer())
        #expect(try receiveCount(server) == "1")
    }

    @Test func `a request that is under way when its client finishes sending is answered`() throws {
        let server = try TestServer()
        let client = try server.connect(withQueue: "orders")
        server.store.hold()
        try client.call("SendMessage", Self.send)
        server.waitUntilHolding(1)
        client.finishSending()
        try server.settle()
        #expect(server.server.connections == 1)
        server.store.release()
        let answer = try client.readResponse()
        #expect(answer.status == 200)
        #expect(try client.isClosedByServer())
    }

    @Test func `a health probe that finishes sending is answered`() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
        client.finishSending()
        #expect(try client.readResponse().status == 200)
        #expect(try client.isClosedByServer())
    }

    @Test func `requests that were pipelined before the end are all answered, in order`() throws {
        let server = try TestServer()
        let client = try server.connect()
        let count = 50
        let requests = (0..<count).map { TestClient.request("CreateQueue", #"{"QueueName":"q\#($0)"}"#) }
        try client.send(requests.joined())
        client.finishSending()
        for number in 0..<count {
            #expect(try client.readResponse().string("QueueUrl")?.hasSuffix("/q\(number)") == true)
        }
        #expect(try client.isClosedByServer())
    }

    @Test func `a large answer reaches a client that has finished sending`() throws {
        let server = try TestServer()
        let client = try TestClient(port: server.port, receiveBufferBytes: 4_096)
        let names = (0..<1_000).map { "q\($0)-" + String(repeating: "x", count: 70) }
        for name in names {
            #expect(try client.answer("CreateQueue", #"{"QueueName":"\#(name)"}"#).status == 200)
        }
        for _ in 0..<20 {
            try client.call("ListQueues", "{}")
        }
        client.finishSending()
        for _ in 0..<20 {
            #expect((try client.readResponse().json?["QueueUrls"] as? [String])?.count == names.count)
        }
        #expect(try client.isClosedByServer())
    }

    @Test func `a parked long poll whose client finishes sending is dropped at once and consumes nothing`() throws {
        let server = try TestServer()
        let client = try server.connect(withQueue: "orders")
        try client.call("ReceiveMessage", #"{"QueueUrl":"orders","WaitTimeSeconds":20}"#)
        #expect(try server.serves())
        client.finishSending()
        #expect(try client.isClosedByServer())
        #expect(try server.connect().answer("SendMessage", Self.send).status == 200)
        #expect(try receiveCount(server) == "1")
    }

    @Test func `a receive behind another request is not begun once its client has finished sending`() throws {
        let server = try TestServer()
        let client = try server.connect(withQueue: "orders")
        server.store.hold()
        try client.send(
            TestClient.request("SendMessage", Self.send)
                + TestClient.request("ReceiveMessage", #"{"QueueUrl":"orders"}"#)
        )
        server.waitUntilHolding(1)
        client.finishSending()
        // The event loop reads what is sent to it in its order: after this it has seen the FIN.
        try server.connect().call("ListQueues", "{}")
        server.waitUntilHolding(2)
        server.store.release()
        #expect(try client.readResponse().status == 200)
        #expect(try client.isClosedByServer())
        #expect(try receiveCount(server) == "1")
    }

    @Test(arguments: [false, true], [TestClient.request("Nonsense", "{}"), "nonsense\r\n\r\n"])
    func `no answer takes the place of that of a receive that was dropped`(
        isInOneRead: Bool,
        behind: String
    ) throws {
        let connection = try EmbeddedConnection()
        try connection.receive(TestClient.request("CreateQueue", #"{"QueueName":"orders"}"#))
        _ = try connection.sent()
        connection.store.hold()
        // The client does not take this answer, so the connection can't be closed behind it.
        connection.wire.isHolding = true
        let first = TestClient.request("SendMessage", Self.send)
        let rest = TestClient.request("ReceiveMessage", #"{"QueueUrl":"orders"}"#) + behind
        for read in isInOneRead ? [first + rest] : [first, rest] {
            try connection.receive(read)
        }
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        connection.store.release()
        connection.run()
        let sent = try connection.sent()
        #expect(sent.contains("MessageId"))
        #expect(sent.components(separatedBy: "HTTP/1.1 ").count == 2)
    }

    @Test func `a connection on which nothing is under way is closed with its client`() throws {
        let server = try TestServer()
        for client in [try server.connect(), try server.connectAndCall()] {
            client.finishSending()
            #expect(try client.isClosedByServer())
        }
    }

    @Test func `a body that ends too early is answered 400 in the shape of its protocol`() throws {
        let server = try TestServer()
        let client = try server.connect(withQueue: "orders")
        try client.send(String(TestClient.request("SendMessage", Self.send).dropLast(5)))
        client.finishSending()
        let answer = try client.readResponse()
        #expect(answer.status == 400)
        #expect(answer.string("__type")?.hasSuffix("#MalformedHttpRequestException") == true)
        #expect(answer.string("message") == "The request ended before it was complete.")
        #expect(try client.isClosedByServer())
        #expect(try receiveCount(server) == nil)
    }

    @Test(arguments: ["G", "POST / HT", "POST / HTTP/1.1\r\nHost: a\r\n", "POST / HTTP/1.1\r\nHost"])
    func `a head that ends too early is answered 400`(head: String) throws {
        let server = try TestServer()
        for before in ["", TestClient.request("ListQueues", "{}")] {
            let client = try server.connect()
            try client.send(before + head)
            client.finishSending()
            if !before.isEmpty {
                #expect(try client.readResponse().status == 200)
            }
            let answer = try client.readResponse()
            #expect(answer.status == 400)
            #expect(answer.body.contains("<Message>The request ended before it was complete.</Message>"))
            #expect(try client.isClosedByServer())
        }
    }

    @Test func `what ends too early behind a request under way is answered after that one`() throws {
        let server = try TestServer()
        let client = try server.connect(withQueue: "orders")
        server.store.hold()
        let request = TestClient.request("SendMessage", Self.send)
        try client.send(request + String(request.dropLast(5)))
        server.waitUntilHolding(1)
        client.finishSending()
        try server.settle()
        server.store.release()
        #expect(try client.readResponse().status == 200)
        #expect(try client.readResponse().status == 400)
        #expect(try client.isClosedByServer())
        #expect(try receiveCount(server) == "1")
    }
}
