import Foundation
import Logging
import QueueModel
import SQLite
import SQLiteStore
import Synchronization
import Testing

@Suite struct SQLiteStoreTests {
    let directory = TemporaryDirectory()
    let clock = HandClock()
    let log = LogLines()
    let orders = queueName("orders")

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

    @Test func `a second store on the same directory is refused with the first one's process id`() throws {
        let first = try open()
        defer { first.close() }
        let error = #expect(throws: SQLiteStoreError.self) { _ = try open() }
        #expect(error == .directoryInUse(directory.path, processId: Int(getpid())))
        #expect(error?.description.contains("in use by another process with id \(getpid())") == true)
    }

    @Test func `the directory is free again after a store was closed`() throws {
        try open().close()
        try open().close()
        #expect(!log.contains("not clean"))
    }

    @Test func `a file that is no database of ours is refused and left alone`() throws {
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
        let file = directory.path + "/holdfast.db"
        try Data("these are the accounts of 1987, and no database at all".utf8).write(to: URL(fileURLWithPath: file))
        #expect(throws: SQLiteStoreError.notOurDatabase(file)) { _ = try open() }
        #expect(try String(contentsOfFile: file, encoding: .utf8).hasPrefix("these are the accounts"))
    }

    @Test func `a database of a newer broker is refused`() throws {
        try open().close()
        let file = directory.path + "/holdfast.db"
        let connection = try Connection(path: file)
        try connection.execute("pragma user_version = 99")
        try connection.close()
        #expect(throws: SQLiteStoreError.databaseTooNew(file, version: 99, latest: 1)) { _ = try open() }
    }

    @Test func `a migration that was edited after it ran is refused`() throws {
        try open().close()
        let file = directory.path + "/holdfast.db"
        let connection = try Connection(path: file)
        try connection.execute("update migrations set checksum = 'another'")
        try connection.close()
        #expect(throws: SQLiteStoreError.migrationChanged(file, version: 1)) { _ = try open() }
    }

    @Test func `commands handed over together share one commit`() throws {
        let store = try open()
        defer { store.close() }
        _ = store.apply(.createQueue(CreateQueueCommand(queue: orders)))
        let before = store.counters
        _ = store.apply((0..<200).map { send(orders, "message \($0)") })
        #expect(store.counters.commits == before.commits + 1)
        #expect(store.counters.commands == before.commands + 200)
    }

    @Test func `an empty receive costs no commit`() throws {
        let store = try open()
        defer { store.close() }
        _ = store.apply(.createQueue(CreateQueueCommand(queue: orders)))
        let before = store.counters.commits
        for _ in 0..<10 {
            #expect(store.receive(orders).isEmpty)
        }
        #expect(store.counters.commits == before)
    }

    @Test func `a receive whose caller has gone consumes nothing`() throws {
        let store = try open()
        defer { store.close() }
        _ = store.apply([.createQueue(CreateQueueCommand(queue: orders)), send(orders, "one")])
        let outcome = Mutex<Result<Outcome, StoreError>?>(nil)
        let command = Command.receiveMessages(ReceiveMessagesCommand(queue: orders))
        store.submit(Submission(command, isAbandoned: { true }) { result in outcome.withLock { $0 = result } })
        let received = store.receive(orders)
        #expect(outcome.withLock { $0 } == .failure(.abandoned))
        #expect(received.map(\.receiveCount) == [1])
    }

    @Test func `messages, leases, counts and receipts are there after a restart`() throws {
        let first = try open()
        _ = first.apply([.createQueue(CreateQueueCommand(queue: orders)), send(orders, "one", "two", "three")])
        let taken = try #require(first.receive(orders, visibilityTimeoutSeconds: 60).first)
        let handle = first.receiptSeal.seal(taken.receipt)
        let before = try first.snapshot()
        first.close()

        let second = try open()
        defer { second.close() }
        #expect(try second.snapshot() == before)
        let receipt = try #require(second.receiptSeal.open(handle))
        _ = second.apply(.deleteMessages(DeleteMessagesCommand(queue: orders, receipts: [receipt])))
        clock.advance(seconds: 61)
        #expect(second.receive(orders, count: 10).map(body) == ["two", "three"])
    }

    @Test func `time does not go back over a restart with an earlier clock`() throws {
        let first = try open()
        _ = first.apply([.createQueue(CreateQueueCommand(queue: orders)), send(orders, "one")])
        let sentAt = clock.now()
        first.close()
        clock.advance(seconds: -3_600)
        let second = try open()
        defer { second.close() }
        let received = try #require(second.receive(orders).first)
        #expect(received.sentAt == sentAt)
        #expect(received.firstReceivedAt >= sentAt)
    }

    @Test func `sends are refused when there is no room, and receives and deletes go on`() throws {
        let store = try open { $0.databasePagesMax = 200 }
        defer { store.close() }
        _ = store.apply(.createQueue(CreateQueueCommand(queue: orders)))
        let large = String(repeating: "x", count: 10_000)
        var accepted = 0
        var refusal: Result<Outcome, StoreError>?
        while refusal == nil {
            let result = store.apply(send(orders, large))
            if case .success = result { accepted += 1 } else { refusal = result }
        }
        #expect(refusal == .failure(.unavailable("There is no room on the disk.")))
        let mixed = store.apply([
            send(orders, large), .receiveMessages(ReceiveMessagesCommand(queue: orders)), send(orders, large),
        ])
        #expect(mixed[0] == refusal)
        #expect(mixed[2] == refusal)
        guard case .success(.receivedMessages(let received)) = mixed[1] else {
            Issue.record("the receive beside the refused sends failed: \(mixed[1])")
            return
        }
        let delete = DeleteMessagesCommand(queue: orders, receipts: received.messages.map(\.receipt))
        #expect(store.apply(.deleteMessages(delete)) == .success(.deletedMessages([nil])))
        #expect(try store.snapshot().queues[orders]?.messages.count == accepted - 1)
        #expect(
            store.apply(send(orders, "small"))
                == .success(.sentMessages([.success(SentMessage(messageId: newMessage("").messageId))]))
        )
    }

    @Test func `sends are refused before the disk is full, and taken again once there is room`() throws {
        let free = Mutex<Int64>(1_000_000_000)
        let store = try open {
            $0.room = { FreeSpace.Room(freeSizeBytes: free.withLock { $0 }, reservedSizeBytes: 16_000_000) }
        }
        defer { store.close() }
        _ = store.apply([.createQueue(CreateQueueCommand(queue: orders)), send(orders, "one")])
        free.withLock { $0 = 10_000_000 }
        #expect(store.apply(send(orders, "two")) == .failure(.unavailable("There is no room on the disk.")))
        #expect(store.receive(orders).map(body) == ["one"])
        #expect(log.contains("room on the disk is short"))
        free.withLock { $0 = 1_000_000_000 }
        _ = store.apply(send(orders, "three"))
        #expect(store.receive(orders).map(body) == ["three"])
    }

    @Test func `a receive brings a few megabytes at a time, and always at least one message`() throws {
        let store = try open()
        defer { store.close() }
        _ = store.apply(.createQueue(CreateQueueCommand(queue: orders)))
        let large = String(repeating: "x", count: 1_000_000)
        for number in 0..<10 {
            _ = store.apply(send(orders, large + "\(number)"))
        }
        var endings: [String] = []
        while case let received = store.receive(orders, count: 10), !received.isEmpty {
            #expect(received.count <= 4)
            endings += received.map { String(body($0).suffix(1)) }
        }
        #expect(endings == (0..<10).map(String.init))
    }

    @Test func `a receive passes thousands of expired messages in steps and finds the first live one`() throws {
        let store = try open()
        defer { store.close() }
        let retention = [QueueAttributeName.messageRetentionPeriod: "60"]
        _ = store.apply(.createQueue(CreateQueueCommand(queue: orders, attributes: retention)))
        _ = store.apply((0..<2_500).map { send(orders, "old \($0)") })
        clock.advance(seconds: 60)
        _ = store.apply(send(orders, "live"))
        #expect(store.receive(orders, count: 10).map(body) == ["live"])
    }

    @Test func `a receive moves hundreds of messages to the dead-letter queue in steps and answers the next live one`()
        throws
    {
        let store = try open()
        defer { store.close() }
        let dead = queueName("dead")
        let policy = #"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":1}"#
        _ = store.apply([
            .createQueue(CreateQueueCommand(queue: dead)),
            .createQueue(CreateQueueCommand(queue: orders, attributes: [.redrivePolicy: policy])),
        ])
        _ = store.apply((0..<250).map { send(orders, "poison \($0)") })
        for _ in 0..<25 {
            #expect(store.receive(orders, count: 10, visibilityTimeoutSeconds: 0).count == 10)
        }
        clock.advance(seconds: 1)
        _ = store.apply(send(orders, "live"))
        #expect(store.receive(orders, count: 10).map(body) == ["live"])
        #expect(try store.snapshot().queues[dead]?.messages.count == 250)
    }

    @Test func `a receive with thousands of messages to remove first does not keep others waiting`() throws {
        let store = try open()
        defer { store.close() }
        let other = queueName("other")
        let retention = [QueueAttributeName.messageRetentionPeriod: "60"]
        _ = store.apply([
            .createQueue(CreateQueueCommand(queue: orders, attributes: retention)),
            .createQueue(CreateQueueCommand(queue: other)),
        ])
        _ = store.apply((0..<2_500).map { send(orders, "old \($0)") })
        clock.advance(seconds: 60)
        let told = Mutex<[String]>([])
        let isDone = DispatchSemaphore(value: 0)
        func submission(_ name: String, _ command: Command) -> Submission {
            Submission(command) { _ in
                told.withLock { $0.append(name) }
                isDone.signal()
            }
        }
        store.submit([
            submission("long", .receiveMessages(ReceiveMessagesCommand(queue: orders))),
            submission("send", send(other, "quick")),
            submission("short", .receiveMessages(ReceiveMessagesCommand(queue: other))),
        ])
        for _ in 0..<3 { isDone.wait() }
        #expect(told.withLock { $0 } == ["send", "short", "long"])
    }

    @Test func `a sweep removes a purged queue's messages in steps and gives the steps an end`() throws {
        let store = try open()
        defer { store.close() }
        _ = store.apply(.createQueue(CreateQueueCommand(queue: orders)))
        _ = store.apply((0..<1_200).map { send(orders, "message \($0)") })
        _ = store.apply(.purgeQueue(PurgeQueueCommand(queue: orders)))
        var steps = 0
        while store.apply(.sweep(SweepCommand(rowsMax: 500))) == .success(.swept(hasMore: true)) {
            steps += 1
        }
        #expect(steps == 4)
        store.close()
        let connection = try Connection(path: directory.path + "/holdfast.db")
        #expect(try connection.integer("select count(*) from messages") == 0)
        #expect(try connection.integer("select count(*) from retired_queues") == 0)
        try connection.close()
    }

    @Test func `the file shrinks after a backlog is gone`() throws {
        let store = try open()
        _ = store.apply(.createQueue(CreateQueueCommand(queue: orders)))
        let large = String(repeating: "x", count: 100_000)
        for _ in 0..<30 {
            _ = store.apply((0..<20).map { _ in send(orders, large) })
        }
        _ = store.apply(.purgeQueue(PurgeQueueCommand(queue: orders)))
        while store.apply(.sweep(SweepCommand())) == .success(.swept(hasMore: true)) {}
        store.close()
        let file = try FileManager.default.attributesOfItem(atPath: directory.path + "/holdfast.db")
        #expect(try #require(file[.size] as? Int) < 20_000_000)
    }

    @Test func `commits are synced, and freed pages need not be overwritten`() throws {
        let store = try open()
        store.close()
        let connection = try Connection(path: directory.path + "/holdfast.db")
        #expect(try connection.text("pragma journal_mode") == "wal")
        #expect(try connection.integer("pragma application_id") == 0x486f_6c64)
        #expect(try connection.integer("pragma user_version") == 1)
        try connection.close()
    }
}
