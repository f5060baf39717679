import QueueModel
import SQLite
import SQLiteStore
import Testing

/// What rows hold the leases of messages that were received together.
@Suite struct LeaseRowTests {
    private let directory = TemporaryDirectory()
    private let clock = HandClock()
    private let log = LogLines()
    private let steps = queueName("steps.fifo")

    private func open() throws -> SQLiteStore {
        try SQLiteStore(directory: directory.path, clock: clock, logger: log.logger) { Issue.record($0) }
    }

    /// The messages of each row, of a closed store.
    private func messageCounts() throws -> [Int64] {
        let connection = try Connection(path: directory.path + "/holdfast.db")
        let counts = try connection.prepare("select message_count from leases order by key")
        var found: [Int64] = []
        while try counts.step() { found.append(counts.integer(0)) }
        counts.reset()
        try connection.close()
        return found
    }

    private func receive(_ store: SQLiteStore) throws -> [ReceivedMessage] {
        let command = ReceiveMessagesCommand(
            queue: steps,
            maxNumberOfMessages: 10,
            visibilityTimeoutSeconds: 600,
            attemptId: "a"
        )
        guard case .receivedMessages(let received) = try store.apply(.receiveMessages(command)).get() else { return [] }
        return received.messages
    }

    @Test func `those of a receive have one, also when repeated, and it is divided where one is deleted`() throws {
        var store = try open()
        let messages = (0..<10).map { number in
            var message = newMessage("\(number)")
            // Two groups in turn: what a receive hands out is not in the order of the keys.
            message.content.messageGroupId = "g\(number % 2)"
            message.content.messageDeduplicationId = "\(number)"
            return message
        }
        _ = store.apply([
            .createQueue(CreateQueueCommand(queue: steps, attributes: [.fifoQueue: "true"])),
            .sendMessages(SendMessagesCommand(queue: steps, messages: messages)),
        ])
        let first = try receive(store)
        clock.advance(seconds: 1)
        let again = try receive(store)
        #expect(first.count == 10 && again.map(\.messageId) == first.map(\.messageId))
        store.close()
        #expect(try messageCounts() == [10])
        store = try open()
        #expect(again.map(\.content.body) == [0, 2, 4, 6, 8, 1, 3, 5, 7, 9].map { Array("\($0)".utf8) })
        let fourth = try #require(again.first { $0.content.body == Array("3".utf8) })
        _ = store.apply(.deleteMessages(DeleteMessagesCommand(queue: steps, receipts: [fourth.receipt])))
        store.close()
        #expect(try messageCounts() == [3, 6])
    }
}
