import Foundation
import QueueModel
import SQLiteStore
import Synchronization
import Testing

/// Bytes that a test says are free on the disk.
final class Room: Sendable {
    private let bytes: Mutex<Int64>

    init(_ bytes: Int64) {
        self.bytes = Mutex(bytes)
    }

    var value: Int64 { bytes.withLock { $0 } }

    func set(_ value: Int64) {
        bytes.withLock { $0 = value }
    }
}

/// What goes on, and how, while there is little room on the disk, and while there is none.
@Suite struct FullDiskTests {
    let directory = TemporaryDirectory()
    let clock = HandClock()
    let log = LogLines()
    let orders = queueName("orders")
    let dead = queueName("dead")
    let noRoom = Result<Outcome, StoreError>.failure(.unavailable("There is no room on the disk."))

    func open(_ change: (inout SQLiteStoreConfiguration) -> Void = { _ in }) throws -> SQLiteStore {
        var configuration = SQLiteStoreConfiguration()
        change(&configuration)
        return try SQLiteStore(
            directory: directory.path,
            clock: clock,
            configuration: configuration,
            logger: log.logger
        ) { Issue.record($0) }
    }

    func create(_ store: SQLiteStore, suffix: String = "") {
        let fifo: [QueueAttributeName: String] = suffix.isEmpty ? [:] : [.fifoQueue: "true"]
        let target = "arn:aws:sqs:us-east-1:000000000000:dead\(suffix)"
        let policy = #"{"deadLetterTargetArn":"\#(target)","maxReceiveCount":1}"#
        _ = store.apply([
            .createQueue(CreateQueueCommand(queue: queueName("dead" + suffix), attributes: fifo)),
            .createQueue(
                CreateQueueCommand(
                    queue: queueName("orders" + suffix),
                    attributes: fifo.merging([.redrivePolicy: policy]) { $1 }
                )
            ),
        ])
    }

    func message(_ body: String, group: String? = nil) -> NewMessage {
        var message = newMessage(body)
        message.content.messageGroupId = group
        message.content.messageDeduplicationId = group == nil ? nil : body
        return message
    }

    func send(_ message: NewMessage, to queue: QueueName) -> Command {
        .sendMessages(SendMessagesCommand(queue: queue, messages: [message]))
    }

    /// Sends until there is no room; how many were taken.
    @discardableResult
    func fill(_ store: SQLiteStore, _ queue: QueueName, sizeBytes: Int) -> Int {
        var count = 0
        while case .success = store.apply(
            send(
                message(String(repeating: "x", count: sizeBytes) + "\(count)", group: queue.isFifo ? "last" : nil),
                to: queue
            )
        ) {
            count += 1
        }
        return count
    }

    func receive(_ queue: QueueName, count: Int = 10, timeout: Int? = nil, reportsNext: Bool = false) -> Command {
        .receiveMessages(
            ReceiveMessagesCommand(
                queue: queue,
                maxNumberOfMessages: count,
                visibilityTimeoutSeconds: timeout,
                reportsNextAvailability: reportsNext
            )
        )
    }

    func received(_ result: Result<Outcome, StoreError>) throws -> ReceivedMessages {
        guard case .success(.receivedMessages(let received)) = result else { throw StoreError.failed }
        return received
    }

    @Test func `without room for the copy a receive passes poisoned messages by, and deletes beside it go on`() throws {
        let store = try open { $0.databasePagesMax = 300 }
        defer { store.close() }
        create(store)
        let large = String(repeating: "x", count: 50_000)
        _ = store.apply([send(message("healthy"), to: orders), send(message(large + "poison"), to: orders)])
        let taken = try received(store.apply(receive(orders, timeout: 0))).messages
        #expect(taken.count == 2)
        let healthy = try #require(taken.first { body($0) == "healthy" })
        clock.advance(seconds: 1)
        fill(store, orders, sizeBytes: 10_000)
        fill(store, orders, sizeBytes: 1)
        let results = store.apply([
            receive(orders, count: 1, timeout: 10),
            .deleteMessages(DeleteMessagesCommand(queue: orders, receipts: [healthy.receipt])),
        ])
        // The poisoned one has been available longer, and stays where it is.
        let next = try #require(try received(results[0]).messages.first)
        #expect(next.receiveCount == 1)
        #expect(results[1] == .success(.deletedMessages([nil])))
        #expect(try store.snapshot().queues[dead]?.messages.isEmpty == true)
        // There is room for the copy when others are gone.
        let receipts = try (0..<3).flatMap { _ in try received(store.apply(receive(orders))).messages.map(\.receipt) }
        let deleted = store.apply(.deleteMessages(DeleteMessagesCommand(queue: orders, receipts: receipts)))
        #expect(deleted == .success(.deletedMessages(receipts.map { _ in nil })))
        _ = store.apply(receive(orders))
        let moved = try store.snapshot().queues[dead]?.messages ?? []
        #expect(moved.map { String(decoding: $0.content.body.suffix(6), as: UTF8.self) } == ["poison"])
    }

    @Test func `without room a FIFO group waits behind its poisoned head, and the next group is served`() throws {
        let store = try open { $0.databasePagesMax = 300 }
        defer { store.close() }
        create(store, suffix: ".fifo")
        let (orders, dead) = (queueName("orders.fifo"), queueName("dead.fifo"))
        let large = String(repeating: "x", count: 50_000)
        _ = store.apply([send(message(large + "poison", group: "a"), to: orders)])
        _ = store.apply(receive(orders, timeout: 10))
        _ = store.apply([
            send(message("behind", group: "a"), to: orders), send(message("other", group: "b"), to: orders),
        ])
        fill(store, orders, sizeBytes: 10_000)
        fill(store, orders, sizeBytes: 1)
        clock.advance(seconds: 10)
        let first = try received(store.apply(receive(orders, count: 1, timeout: 600, reportsNext: true)))
        #expect(first.messages.map(body) == ["other"])
        #expect(try store.snapshot().queues[dead]?.messages.isEmpty == true)
        // Others are deleted until there is room for the copy; then the group goes on behind it.
        var bodies: [String] = []
        while !bodies.contains("behind") {
            let more = try received(store.apply(receive(orders, timeout: 600))).messages
            try #require(!more.isEmpty)
            bodies += more.map(body)
            _ = store.apply(.deleteMessages(DeleteMessagesCommand(queue: orders, receipts: more.map(\.receipt))))
        }
        #expect(!bodies.contains { $0.hasSuffix("poison") })
        #expect(try store.snapshot().queues[dead]?.messages.count == 1)
    }

    @Test func `what can't be moved is looked for again a second later, not at once`() throws {
        let store = try open { $0.databasePagesMax = 300 }
        defer { store.close() }
        create(store)
        _ = store.apply(send(message(String(repeating: "x", count: 50_000)), to: orders))
        _ = store.apply(receive(orders, timeout: 10))
        fill(store, dead, sizeBytes: 10_000)
        clock.advance(seconds: 10)
        let outcome = try received(store.apply(receive(orders, reportsNext: true)))
        #expect(outcome.messages.isEmpty)
        #expect(outcome.nextAvailableAt == clock.now().adding(seconds: 1))
    }

    @Test func `while room is short a step of a move task is refused and changes nothing, and then it goes on`() throws
    {
        let free = Mutex<Int64>(1_000_000_000)
        let store = try open {
            $0.room = { FreeSpace.Room(freeSizeBytes: free.withLock { $0 }, reservedSizeBytes: 16_000_000) }
        }
        defer { store.close() }
        create(store)
        _ = store.apply((0..<5).map { send(message("\($0)"), to: dead) })
        let task = MessageID(high: 1, low: 1)
        let start = StartMessageMoveTaskCommand(taskId: task, source: dead, destination: orders)
        let step = Command.moveMessages(MoveMessagesCommand(taskId: task, messagesMax: 2, seed: 1))
        _ = store.apply(.startMessageMoveTask(start))
        #expect(store.apply(step) == .success(.movedMessages(MovedMessages(count: 2, isRunning: true))))
        free.withLock { $0 = 10_000_000 }
        let before = try store.snapshot()
        #expect(store.apply(step) == noRoom)
        #expect(store.apply(step) == noRoom)
        #expect(try store.snapshot() == before)
        free.withLock { $0 = 1_000_000_000 }
        #expect(store.apply(step) == .success(.movedMessages(MovedMessages(count: 2, isRunning: true))))
        #expect(store.apply(step) == .success(.movedMessages(MovedMessages(count: 1, isRunning: false))))
        #expect(try store.snapshot().queues[orders]?.messages.count == 5)
    }

    @Test func `messages are still moved to dead-letter queues while room is only short`() throws {
        let free = Mutex<Int64>(1_000_000_000)
        let store = try open {
            $0.room = { FreeSpace.Room(freeSizeBytes: free.withLock { $0 }, reservedSizeBytes: 16_000_000) }
        }
        defer { store.close() }
        create(store)
        _ = store.apply(send(message("poison"), to: orders))
        _ = store.apply(receive(orders, timeout: 0))
        free.withLock { $0 = 10_000_000 }
        #expect(store.apply(send(message("more"), to: orders)) == noRoom)
        #expect(try received(store.apply(receive(orders))).messages.isEmpty)
        #expect(try store.snapshot().queues[dead]?.messages.count == 1)
    }

    /// A store on a disk that has as much room as the test says.
    func open(_ free: Room) throws -> SQLiteStore {
        let room: @Sendable () -> FreeSpace.Room? = {
            FreeSpace.Room(freeSizeBytes: free.value, reservedSizeBytes: 8_000_000)
        }
        return try open { $0.room = room }
    }

    /// The same with a queue of sixty messages of 100 KB.
    func openWithBacklog(_ free: Room) throws -> SQLiteStore {
        let store = try open(free)
        create(store)
        let large = String(repeating: "x", count: 100_000)
        for _ in 0..<6 {
            _ = store.apply((0..<10).map { _ in send(message(large), to: orders) })
        }
        return store
    }

    func ballastSizeBytes() throws -> Int64? {
        var status = stat()
        guard stat(directory.path + "/holdfast.ballast", &status) == 0 else { return nil }
        return Int64(status.st_blocks) * 512
    }

    @Test func `a ballast of real blocks is kept, given up when the disk is full, and made again with room`() throws {
        let free = Mutex<Int64>(1_000_000_000)
        let store = try open {
            $0.databasePagesMax = 300
            $0.room = { FreeSpace.Room(freeSizeBytes: free.withLock { $0 }, reservedSizeBytes: 16_000_000) }
        }
        create(store)
        let whole = try #require(try ballastSizeBytes())
        #expect(whole > 0)
        free.withLock { $0 = 16_000_000 + 5_000_000 }
        fill(store, orders, sizeBytes: 10_000)
        #expect(try ballastSizeBytes() == nil)
        #expect(log.contains("the ballast is given up"))
        #expect(try received(store.apply(receive(orders, count: 1))).messages.count == 1)
        // Room for sends, but not for the ballast beside them.
        #expect(store.apply(send(message("x"), to: orders)) == noRoom)
        #expect(try ballastSizeBytes() == nil)
        free.withLock { $0 = 1_000_000_000 }
        _ = store.apply(receive(orders, count: 1))
        #expect(try ballastSizeBytes() == whole)
        store.close()
        #expect(try ballastSizeBytes() == whole)
    }

    @Test func `free pages of the database count as room for sends, but not for what the log needs`() throws {
        let free = Room(1_000_000_000)
        let store = try openWithBacklog(free)
        defer { store.close() }
        free.set(5_000_000)
        #expect(store.apply(send(message("x"), to: orders)) == noRoom)
        for _ in 0..<6 {
            let receipts = try received(store.apply(receive(orders))).messages.map(\.receipt)
            _ = store.apply(.deleteMessages(DeleteMessagesCommand(queue: orders, receipts: receipts)))
        }
        #expect(store.apply(send(message("x"), to: orders)) != noRoom)
        free.set(3_900_000)
        #expect(store.apply(send(message("x"), to: orders)) == noRoom)
    }

    @Test func `while sends wait for room the sweep gives free pages back to the disk`() throws {
        let free = Room(1_000_000_000)
        var store = try openWithBacklog(free)
        func fileSizeBytes() throws -> Int {
            let file = try FileManager.default.attributesOfItem(atPath: directory.path + "/holdfast.db")
            return try #require(file[.size] as? Int)
        }
        _ = store.apply(.purgeQueue(PurgeQueueCommand(queue: orders)))
        while store.apply(.sweep(SweepCommand())) == .success(.swept(hasMore: true)) {}
        store.close()
        store = try open(free)
        free.set(3_900_000)
        let before = try fileSizeBytes()
        #expect(before > 4_000_000)
        while store.apply(.sweep(SweepCommand())) == .success(.swept(hasMore: true)) {}
        _ = store.apply(.probe)
        #expect(try fileSizeBytes() < 500_000)
        store.close()
    }
}
