import QueueEngine
import QueueModel
import ReferenceStore
import Testing

@Suite struct LongAnswerTests {
    private static let receive = TestClient.request("ReceiveMessage", #"{"QueueUrl":"q"}"#)

    private func connect(answersSizeBytesMax: Int) throws -> EmbeddedConnection {
        var engine = EngineConfiguration()
        engine.answersSizeBytesMax = answersSizeBytesMax
        let connection = try EmbeddedConnection(engineConfiguration: engine)
        let body = String(repeating: "x", count: 30_000)
        try connection.receive(TestClient.request("CreateQueue", #"{"QueueName":"q"}"#))
        for _ in 0..<2 {
            try connection.receive(TestClient.request("SendMessage", #"{"QueueUrl":"q","MessageBody":"\#(body)"}"#))
        }
        _ = try connection.sent()
        return connection
    }

    private func available(_ connection: EmbeddedConnection) -> Int {
        let messages = connection.store.reference.snapshot().queues.values.first?.messages ?? []
        return messages.count { $0.availableAt <= connection.clock.now() }
    }

    @Test func `a long answer counts until the client has taken it`() throws {
        let connection = try connect(answersSizeBytesMax: 1_000_000)
        connection.wire.isHolding = true
        try connection.receive(Self.receive)
        #expect(connection.engine.answerRoom.usedSizeBytes > 30_000)
        connection.wait(seconds: 30)
        #expect(!connection.isOpen)
        #expect(connection.engine.answerRoom.usedSizeBytes == 0)

        let other = try connect(answersSizeBytesMax: 1_000_000)
        try other.receive(Self.receive)
        #expect(try other.sent().contains("xxx"))
        #expect(other.engine.answerRoom.usedSizeBytes == 0)
    }

    @Test func `a client that takes nothing is cut off early while there is no room for others' answers`() throws {
        let connection = try connect(answersSizeBytesMax: 20_000)
        connection.wire.isHolding = true
        try connection.receive(Self.receive)
        #expect(available(connection) == 1)
        connection.wait(seconds: 1)
        #expect(connection.isOpen)
        connection.wait(seconds: 2)
        #expect(!connection.isOpen)
        // The message goes back.
        #expect(available(connection) == 2)
        #expect(connection.engine.answerRoom.usedSizeBytes == 0)
    }

    @Test func `while there is room it has its thirty seconds`() throws {
        let connection = try connect(answersSizeBytesMax: 1_000_000)
        connection.wire.isHolding = true
        try connection.receive(Self.receive)
        connection.wait(seconds: 29)
        #expect(connection.isOpen)
    }

    @Test func `receives that find no room are told to try again`() throws {
        let connection = try connect(answersSizeBytesMax: 20_000)
        connection.wire.isHolding = true
        try connection.receive(Self.receive + Self.receive)
        connection.run()
        let answer = try connection.sent()
        #expect(answer.contains("HTTP/1.1 503 Service Unavailable\r\n"))
        #expect(answer.contains(#""__type":"com.amazonaws.sqs#ServiceUnavailable""#))
        #expect(available(connection) == 1)
    }
}
