import Foundation
import Logging
import QueueModel
import SQLiteStore
import Testing

/// What many queues, many ended leases and a long walk of the cursor cost: steps, and no end that never comes.
@Suite struct BoundedStepTests {
    private let directory = TemporaryDirectory()
    private let clock = HandClock()
    private let orders = queueName("orders")

    private func open() throws -> SQLiteStore {
        try SQLiteStore(directory: directory.path, clock: clock, logger: LogLines().logger) { Issue.record($0) }
    }

    private func send(_ count: Int, delaySeconds: Int?, to store: SQLiteStore) {
        let messages = (0..<count).map { newMessage("\($0)", id: UInt64($0), delaySeconds: delaySeconds) }
        _ = store.apply(.sendMessages(SendMessagesCommand(queue: orders, messages: messages)))
    }

    @Test func `a sweep of thousands of queues comes to its end`() throws {
        let store = try open()
        defer { store.close() }
        _ = store.apply((0..<4_100).map { .createQueue(CreateQueueCommand(queue: queueName("queue-\($0)"))) })
        for round in 1...3 {
            var steps = 0
            var hasMore = true
            while hasMore, steps < 10 {
                guard case .success(.swept(let more)) = store.apply(.sweep(SweepCommand())) else { return }
                hasMore = more
                steps += 1
            }
            #expect(steps == 3, "round \(round)")
        }
    }

    @Test func `leases that ended are counted in steps`() throws {
        let store = try open()
        defer { store.close() }
        _ = store.apply(.createQueue(CreateQueueCommand(queue: orders)))
        for _ in 0..<12 {
            send(1_000, delaySeconds: 60, to: store)
            clock.advance(seconds: 1)
        }
        clock.advance(seconds: 60)
        let before = store.counters.batches
        let command = DescribeQueueCommand(queue: orders, includesCounts: true)
        guard case .success(.describedQueue(let description)) = store.apply(.describeQueue(command)) else {
            Issue.record("the queue was not described")
            return
        }
        #expect(description.counts == QueueCounts(visible: 12_000))
        #expect(store.counters.batches - before == 3)
    }

    @Test func `what is due does not wait for the cursor to pass those that were delayed`() throws {
        let store = try open()
        defer { store.close() }
        _ = store.apply(.createQueue(CreateQueueCommand(queue: orders)))
        send(1, delaySeconds: nil, to: store)
        send(5_000, delaySeconds: 10, to: store)
        clock.advance(seconds: 10)
        for _ in 1...3 {
            let before = store.counters.batches
            #expect(store.receive(orders).count == 1)
            #expect(store.counters.batches - before == 1)
        }
    }

    @Test func `what a purge has left is given back to the disk in steps, however much it is`() throws {
        let store = try open()
        defer { store.close() }
        _ = store.apply(.createQueue(CreateQueueCommand(queue: orders)))
        let body = String(repeating: "x", count: 1_000_000)
        for number in 0..<50 {
            let message = newMessage(body, id: UInt64(number))
            _ = store.apply(.sendMessages(SendMessagesCommand(queue: orders, messages: [message])))
        }
        _ = store.apply(.purgeQueue(PurgeQueueCommand(queue: orders)))
        var sizesBytes = [try fileSizeBytes()]
        while store.apply(.sweep(SweepCommand())) == .success(.swept(hasMore: true)) {
            sizesBytes.append(try fileSizeBytes())
        }
        // All but what is kept for the next messages, and what waits for the next checkpoint.
        let (first, last) = (sizesBytes[0], try fileSizeBytes())
        #expect(first > 48_000_000 && last < 30_000_000, "\(first) bytes before, \(last) after")
        let cuts = zip(sizesBytes, sizesBytes.dropFirst()).map { $0 - $1 }
        #expect(cuts.max() ?? 0 <= 12_000_000, "\(cuts.max() ?? 0) bytes at once")
        // As long as 10,000 pages are free, a step gives back no more than 200 of them.
        #expect(sizesBytes.prefix { $0 > 42_000_000 }.count > 10)
    }

    private func fileSizeBytes() throws -> Int {
        let file = try FileManager.default.attributesOfItem(atPath: directory.path + "/holdfast.db")
        return try #require(file[.size] as? Int)
    }
}
