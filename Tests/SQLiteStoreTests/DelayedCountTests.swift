import Logging
import QueueModel
import SQLiteStore
import Testing

/// The messages of a FIFO queue that wait for its delay are counted exactly, without a look at each of them.
@Suite struct DelayedCountTests {
    private let directory = TemporaryDirectory()
    private let clock = HandClock()
    private let queue = queueName("orders.fifo")

    private func open() throws -> SQLiteStore {
        try SQLiteStore(directory: directory.path, clock: clock, logger: Logger(label: "test")) { error in
            Issue.record("the store failed: \(error)")
        }
    }

    private func create(in store: SQLiteStore, delaySeconds: Int) {
        let attributes: [QueueAttributeName: String] = [.fifoQueue: "true", .delaySeconds: "\(delaySeconds)"]
        _ = store.apply(.createQueue(CreateQueueCommand(queue: queue, attributes: attributes)))
    }

    private func setDelay(_ seconds: Int, in store: SQLiteStore) {
        _ = store.apply(
            .setQueueAttributes(SetQueueAttributesCommand(queue: queue, changes: [.delaySeconds: "\(seconds)"]))
        )
    }

    /// Sends messages of two groups.
    private func send(_ numbers: Range<Int>, to store: SQLiteStore) {
        let messages = numbers.map { number in
            var message = newMessage("\(number)", id: UInt64(number))
            message.content.messageGroupId = "group-\(number % 2)"
            message.content.messageDeduplicationId = "\(number)"
            return message
        }
        _ = store.apply(.sendMessages(SendMessagesCommand(queue: queue, messages: messages)))
    }

    /// The counts, and how many batches it took to tell them.
    private func counts(_ store: SQLiteStore) throws -> (counts: QueueCounts, batches: Int) {
        let before = store.counters.batches
        let command = DescribeQueueCommand(queue: queue, includesCounts: true)
        guard case .success(.describedQueue(let description)) = store.apply(.describeQueue(command)) else {
            throw StoreError.queueDoesNotExist
        }
        return (try #require(description.counts), store.counters.batches - before)
    }

    @Test func `counting thousands of delayed messages goes in steps, and takes one once they are counted`() throws {
        let store = try open()
        create(in: store, delaySeconds: 60)
        send(0..<2_500, to: store)
        #expect(try counts(store) == (QueueCounts(delayed: 2_500), 1))
        clock.advance(seconds: 30)
        send(2_500..<4_000, to: store)
        #expect(try counts(store) == (QueueCounts(delayed: 4_000), 1))

        clock.advance(seconds: 30)
        let (later, batches) = try counts(store)
        #expect(later == QueueCounts(visible: 2_500, delayed: 1_500))
        #expect(batches > 1)
        #expect(try counts(store) == (later, 1))
        store.close()

        let again = try open()
        defer { again.close() }
        let (afterStart, steps) = try counts(again)
        #expect(afterStart == later)
        #expect(steps > 1)
        #expect(try counts(again) == (later, 1))
    }

    @Test func `a longer delay counts what it hides again, but not what was received`() throws {
        let store = try open()
        defer { store.close() }
        create(in: store, delaySeconds: 0)
        send(0..<3_000, to: store)
        #expect(try counts(store) == (QueueCounts(visible: 3_000), 1))
        #expect(store.receive(queue, count: 10).count == 10)

        setDelay(900, in: store)
        #expect(try counts(store).counts == QueueCounts(inFlight: 10, delayed: 2_990))
        setDelay(0, in: store)
        #expect(try counts(store) == (QueueCounts(visible: 2_990, inFlight: 10), 1))
        send(3_000..<3_001, to: store)
        setDelay(5, in: store)
        #expect(try counts(store).counts == QueueCounts(inFlight: 10, delayed: 2_991))
        clock.advance(seconds: 5)
        #expect(try counts(store).counts == QueueCounts(visible: 2_991, inFlight: 10))
    }

    @Test func `a queue whose delay nobody asked about for long is counted from its end`() throws {
        let store = try open()
        defer { store.close() }
        create(in: store, delaySeconds: 1)
        for start in stride(from: 0, to: 6_000, by: 1_000) {
            send(start..<start + 1_000, to: store)
            clock.advance(seconds: 1)
        }
        send(6_000..<6_100, to: store)
        #expect(try counts(store) == (QueueCounts(visible: 6_000, delayed: 100), 1))
    }
}
