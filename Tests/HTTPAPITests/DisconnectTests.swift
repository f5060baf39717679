import Testing

@Suite struct DisconnectTests {
    private static let receive = #"{"QueueUrl":"orders","WaitTimeSeconds":20,"AttributeNames":["All"]}"#

    private func receiveCount(_ answer: TestClient.Response) -> String? {
        (answer.messages.first?["Attributes"] as? [String: String])?["ApproximateReceiveCount"]
    }

    @Test(arguments: [false, true])
    func `a client that leaves during a long poll consumes nothing`(isReset: Bool) throws {
        let server = try TestServer()
        let other = try server.connect(withQueue: "orders")
        let client = try server.connectAndCall()
        try client.call("ReceiveMessage", Self.receive)
        // What is answered behind the poll's request on the same loop proves that the poll is parked.
        #expect(try other.answer("ListQueues", "{}").status == 200)
        if isReset { client.reset() } else { client.close() }
        try server.waitForConnections(atMost: 1)
        #expect(try other.answer("SendMessage", #"{"QueueUrl":"orders","MessageBody":"m"}"#).status == 200)
        let received = try other.answer(
            "ReceiveMessage",
            #"{"QueueUrl":"orders","AttributeNames":["All"]}"#
        )
        #expect(receiveCount(received) == "1")
    }

    @Test func `a client that leaves with requests piled up behind a long poll consumes nothing`() throws {
        let server = try TestServer()
        let other = try server.connect(withQueue: "orders")
        let client = try server.connectAndCall()
        let poll = TestClient.request("ReceiveMessage", Self.receive)
        try client.send(String(repeating: poll, count: 150))
        #expect(try other.answer("ListQueues", "{}").status == 200)
        client.close()
        try server.waitForConnections(atMost: 1)
        #expect(try other.answer("SendMessage", #"{"QueueUrl":"orders","MessageBody":"m"}"#).status == 200)
        let received = try other.answer(
            "ReceiveMessage",
            #"{"QueueUrl":"orders","AttributeNames":["All"]}"#
        )
        #expect(receiveCount(received) == "1")
    }

    @Test func `messages whose client left between commit and answer are given back at once`() throws {
        let server = try TestServer()
        let other = try server.connect(withQueue: "orders")
        _ = try other.answer("SendMessage", #"{"QueueUrl":"orders","MessageBody":"m"}"#)
        let client = try server.connect()
        server.store.hold()
        try client.call("ReceiveMessage", #"{"QueueUrl":"orders"}"#)
        server.waitUntilHolding(1)
        client.close()
        try server.waitForConnections(atMost: 1)
        server.store.release()
        try server.settle()
        let received = try other.answer(
            "ReceiveMessage",
            #"{"QueueUrl":"orders","AttributeNames":["All"]}"#
        )
        #expect(receiveCount(received) == "2")
    }

    @Test func `messages whose answer the client never took are given back`() throws {
        let server = try TestServer()
        let other = try server.connect(withQueue: "orders")
        let body = String(repeating: "x", count: 1_000_000)
        for _ in 0..<10 {
            _ = try other.answer("SendMessage", #"{"QueueUrl":"orders","MessageBody":"\#(body)"}"#)
        }
        let client = try TestClient(port: server.port, receiveBufferBytes: 4_096)
        _ = try client.answer("ListQueues", "{}")
        try client.call("ReceiveMessage", #"{"QueueUrl":"orders","MaxNumberOfMessages":10}"#)
        let empty = try other.answer("ReceiveMessage", #"{"QueueUrl":"orders"}"#)
        #expect(empty.messages.isEmpty)
        client.reset()
        try server.waitForConnections(atMost: 1)
        let received = try other.answer(
            "ReceiveMessage",
            #"{"QueueUrl":"orders","AttributeNames":["All"],"MaxNumberOfMessages":10}"#
        )
        #expect(received.messages.count == 10)
        #expect(receiveCount(received) == "2")
    }
}
