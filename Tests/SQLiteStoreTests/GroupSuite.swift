import Foundation
import QueueModel
import SQLiteStore
import Testing

/// Tests of a FIFO queue with many groups, in a store that gathers few of their changes.
protocol GroupSuite {
    var directory: TemporaryDirectory { get }
    var clock: HandClock { get }
}

extension GroupSuite {
    var orders: QueueName { queueName("orders.fifo") }

    func open(
        at path: String? = nil,
        buckets: Int = 4,
        changesPerBucket: Int = 2,
        cacheSets: ClosedRange<Int> = 1...1,
        hashBits: Int = 64,
        pagesMax: Int? = nil,
        freeSizeBytes: Int64 = 1 << 40
    ) throws -> SQLiteStore {
        var configuration = SQLiteStoreConfiguration()
        configuration.groupBuffer.buckets = buckets
        configuration.groupBuffer.cacheSets = cacheSets
        configuration.groupBuffer.changesPerBucket = changesPerBucket
        configuration.groupHashBits = hashBits
        configuration.databasePagesMax = pagesMax
        configuration.hasBallast = false
        configuration.room = { FreeSpace.Room(freeSizeBytes: freeSizeBytes, reservedSizeBytes: 16_000_000) }
        return try SQLiteStore(
            directory: path ?? directory.path,
            clock: clock,
            configuration: configuration,
            logger: LogLines().logger
        ) { Issue.record($0) }
    }

    func create(in store: SQLiteStore) {
        _ = store.apply(.createQueue(CreateQueueCommand(queue: orders, attributes: [.fifoQueue: "true"])))
    }

    /// - Returns: whether there was room.
    func send(_ bodies: Range<Int>, groups: Int, sizeBytes: Int = 1, to store: SQLiteStore) -> Bool {
        (try? store.apply(sendCommand(bodies, groups: groups, sizeBytes: sizeBytes)).get()) != nil
    }

    func sendCommand(_ bodies: Range<Int>, groups: Int, sizeBytes: Int = 1) -> Command {
        let messages = bodies.map { body in
            var message = newMessage("\(body) " + String(repeating: "x", count: sizeBytes))
            message.content.messageGroupId = "group \(body % groups)"
            message.content.messageDeduplicationId = "\(body)"
            return message
        }
        return .sendMessages(SendMessagesCommand(queue: orders, messages: messages))
    }

    /// Receives messages and deletes them.
    func consume(_ count: Int, from store: SQLiteStore) -> [Int] {
        let messages = store.receive(orders, count: count, visibilityTimeoutSeconds: 600)
        let delete = DeleteMessagesCommand(queue: orders, receipts: messages.map(\.receipt))
        #expect((try? store.apply(.deleteMessages(delete)).get()) != nil)
        return messages.compactMap(number)
    }

    /// The number that a message was sent with.
    func number(_ message: ReceivedMessage) -> Int? {
        Int(body(message).prefix { $0 != " " })
    }

    func consumeAll(from store: SQLiteStore) -> [Int] {
        var received: [Int] = []
        while case let more = consume(10, from: store), !more.isEmpty { received += more }
        return received
    }

    func expectInOrder(_ received: [Int], groups: Int) {
        for group in 0..<groups {
            let own = received.filter { $0 % groups == group }
            #expect(own == own.sorted())
        }
    }

    func findings(at path: String? = nil) throws -> [String] {
        try StoreCheck(.directory(path ?? directory.path)).run().findings.map(\.text)
    }
}
