import Logging
import QueueModel
import SQLiteStore
import Testing

/// Deduplication ids as they are stored: many in a row, and read again at a start.
@Suite struct DeduplicationTests {
    private let directory = TemporaryDirectory()
    private let clock = HandClock()
    private let orders = queueName("orders.fifo")

    private func open() throws -> SQLiteStore {
        try SQLiteStore(directory: directory.path, clock: clock, logger: LogLines().logger) { Issue.record($0) }
    }

    private func create(in store: SQLiteStore) {
        _ = store.apply(.createQueue(CreateQueueCommand(queue: orders, attributes: [.fifoQueue: "true"])))
    }

    /// Sends a message with each of these ids and answers the ids that the messages were stored under.
    private func send(_ ids: Range<Int>, drawing draw: UInt64, to store: SQLiteStore) -> [UInt64] {
        let messages = ids.map { id in
            var message = newMessage("\(id)", id: draw + UInt64(id))
            message.content.messageGroupId = "g"
            message.content.messageDeduplicationId = "id-\(id)"
            return message
        }
        let outcome = store.apply(.sendMessages(SendMessagesCommand(queue: orders, messages: messages)))
        guard case .success(.sentMessages(let sent)) = outcome else { return [] }
        return sent.map { (try? $0.get().messageId.low) ?? 0 }
    }

    @Test func `ids of one commit that need several rows are all known, in it and after it`() throws {
        let store = try open()
        defer { store.close() }
        create(in: store)
        let first = (0..<2_500).map(UInt64.init)
        #expect(send(0..<2_500, drawing: 0, to: store) == first)
        #expect(send(0..<2_500, drawing: 10_000, to: store) == first)
    }

    @Test func `ids of many commits and minutes are known until five minutes have passed, restart or not`() throws {
        let store = try open()
        create(in: store)
        for step in 0..<40 {
            _ = send(step * 30..<(step + 1) * 30, drawing: 0, to: store)
            clock.advance(seconds: 10)
        }
        // Now each ten seconds of the last four hundred have thirty ids.
        let expected = (0..<1_200).map { UInt64($0 < 330 ? 10_000 + $0 : $0) }
        store.close()
        let again = try open()
        defer { again.close() }
        #expect(send(0..<1_200, drawing: 10_000, to: again) == expected)
        #expect(send(0..<1_200, drawing: 20_000, to: again) == expected)
    }

    @Test func `a sweep removes the ids that no longer count, and no other`() throws {
        let store = try open()
        defer { store.close() }
        create(in: store)
        for step in 0..<300 {
            _ = send(step..<step + 1, drawing: 0, to: store)
        }
        clock.advance(seconds: 200)
        _ = send(300..<301, drawing: 0, to: store)
        clock.advance(seconds: 100)
        var steps = 0
        var hasMore = true
        while hasMore, steps < 20 {
            guard case .success(.swept(let more)) = store.apply(.sweep(SweepCommand())) else { return }
            hasMore = more
            steps += 1
        }
        #expect(steps == 4)
        #expect(send(299..<302, drawing: 10_000, to: store) == [10_299, 300, 10_301])
    }
}
