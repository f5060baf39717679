import Foundation
import QueueModel
import SQLite
import SQLiteStore
import Testing

@Suite struct RestoreTests: RestoreSuite {
    let directory = TemporaryDirectory()
    let place = TemporaryDirectory()
    let clock = HandClock()
    let log = LogLines()
    let orders = queueName("orders")
    let fifo = queueName("orders.fifo")

    init() throws {
        try FileManager.default.createDirectory(atPath: place.path, withIntermediateDirectories: true)
    }

    func names(in directory: TemporaryDirectory) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: directory.path))
            .subtracting(["holdfast.lock", "holdfast.ballast"])
    }

    func sendFifo(_ store: SQLiteStore, _ text: String) throws -> SequenceNumber {
        var message = newMessage(text)
        message.content.messageGroupId = "g"
        message.content.messageDeduplicationId = text
        let command = Command.sendMessages(SendMessagesCommand(queue: fifo, messages: [message]))
        guard case .success(.sentMessages(let sent)) = store.apply(command) else { throw StoreError.failed }
        return try #require(try sent[0].get().sequenceNumber)
    }

    @Test func `a restored store holds what the backup held, and old receipt handles still delete`() throws {
        let first = try open(directory)
        _ = first.apply([.createQueue(CreateQueueCommand(queue: orders)), send(orders, "one", "two", "three")])
        let taken = try #require(first.receive(orders, visibilityTimeoutSeconds: 60).first)
        let handle = first.receiptSeal.seal(taken.receipt)
        try backUp(first)
        let before = try first.snapshot()
        first.close()

        let other = TemporaryDirectory()
        #expect(try restore(into: other).replacedFolder == nil)
        #expect(try names(in: other) == ["holdfast.db"])
        let second = try open(other)
        defer { second.close() }
        #expect(try second.snapshot() == before)
        let receipt = try #require(second.receiptSeal.open(handle))
        _ = second.apply(.deleteMessages(DeleteMessagesCommand(queue: orders, receipts: [receipt])))
        clock.advance(seconds: 61)
        #expect(second.receive(orders, count: 10).map(body) == ["two", "three"])
    }

    @Test func `a backup that is restored again and again never gives out the same numbers twice`() throws {
        let first = try open(directory)
        _ = first.apply(.createQueue(CreateQueueCommand(queue: fifo, attributes: [.fifoQueue: "true"])))
        _ = try sendFifo(first, "old")
        try backUp(first)
        var last = try sendFifo(first, "lost")
        first.close()
        for round in 1...3 {
            clock.advance(seconds: 60)
            try restore(into: directory, isReplacing: true)
            let store = try open(directory)
            let next = try sendFifo(store, "lost")
            #expect(next > last, "round \(round)")
            #expect(store.receive(fifo, count: 10).map(body) == ["old", "lost"])
            last = try sendFifo(store, "\(round)")
            #expect(last > next)
            store.close()
        }
    }

    @Test func `new queues get other numbers after each restore`() throws {
        let first = try open(directory)
        _ = first.apply(.createQueue(CreateQueueCommand(queue: orders)))
        try backUp(first)
        first.close()
        var numbers: Set<Int64> = []
        for (seconds, chance) in [(0, 0), (0, 1_000), (400, 0), (400, 1_000), (86_400 * 365, 0)] as [(Int, Int64)] {
            let now = clock.now().adding(seconds: seconds)
            let restore = try Restore(
                from: backup,
                into: directory.path,
                isReplacing: true,
                now: now,
                chance: chance
            )
            _ = try restore.run { _ in }
            let connection = try Connection(path: directory.path + "/holdfast.db")
            let number = try connection.integer("select value from meta where name = 'next_queue_number'")
            try connection.close()
            #expect(numbers.insert(try #require(number)).inserted)
        }
        #expect(try #require(numbers.min()) > 65_536)
        #expect(try #require(numbers.max()) < 1_000_000)
    }

    @Test func `where little is left of the sequence or of the numbers, half of it is passed over`() throws {
        let first = try open(directory)
        _ = first.apply(.createQueue(CreateQueueCommand(queue: orders)))
        try backUp(first)
        first.close()
        let connection = try Connection(path: backup)
        let lastSequence: Int64 = 1 << 40 - 1
        let lastNumber: Int64 = 1 << 23 - 1
        try connection.execute("update queue_state set next_sequence = \(lastSequence - 100)")
        try connection.execute("update meta set value = \(lastNumber - 100) where name = 'next_queue_number'")
        try connection.close()
        try restore(into: directory, isReplacing: true)
        let restored = try Connection(path: directory.path + "/holdfast.db")
        #expect(try restored.integer("select next_sequence from queue_state") == lastSequence - 50)
        #expect(try restored.integer("select value from meta where name = 'next_queue_number'") == lastNumber - 50)
        try restored.close()
        let store = try open(directory)
        defer { store.close() }
        _ = store.apply(send(orders, "one"))
        #expect(store.receive(orders).map(body) == ["one"])
    }

    @Test func `a directory that is in use or holds a database, or the rest of one, is left alone`() throws {
        let store = try open(directory)
        try backUp(store)
        #expect(throws: SQLiteStoreError.directoryInUse(directory.path, processId: Int(getpid()))) {
            try restore(into: directory, isReplacing: true)
        }
        store.close()
        #expect(throws: BackupError.databaseExists(directory.path)) { try restore(into: directory) }
        try FileManager.default.removeItem(atPath: directory.path + "/holdfast.db")
        try Data("a log".utf8).write(to: URL(fileURLWithPath: directory.path + "/holdfast.db-wal"))
        #expect(throws: BackupError.databaseExists(directory.path)) { try restore(into: directory) }
        #expect(try names(in: directory) == ["holdfast.db-wal"])
    }

    @Test func `a database that is replaced is moved aside whole`() throws {
        let store = try open(directory)
        _ = store.apply([.createQueue(CreateQueueCommand(queue: orders)), send(orders, "one")])
        try backUp(store)
        store.close()
        let former = Data("the database before".utf8)
        try former.write(to: URL(fileURLWithPath: directory.path + "/holdfast.db"))
        let log = Data("its log".utf8)
        try log.write(to: URL(fileURLWithPath: directory.path + "/holdfast.db-wal"))
        let folder = try #require(try restore(into: directory, isReplacing: true).replacedFolder)
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/holdfast.db")) == former)
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/holdfast.db-wal")) == log)
        #expect(try names(in: directory) == ["holdfast.db", (folder as NSString).lastPathComponent])
        let restored = try open(directory)
        defer { restored.close() }
        #expect(restored.receive(orders).map(body) == ["one"])
    }

    /// What is there of database, log and folder when the process ends in the middle of the last steps.
    enum Cut: CaseIterable {
        case beforeAllMoves, afterTheDatabase, afterTheLog
    }

    @Test(arguments: Cut.allCases)
    func `a restore that was cut short is finished by the next start, and the former files stay together`(cut: Cut)
        throws
    {
        let store = try open(directory)
        _ = store.apply([.createQueue(CreateQueueCommand(queue: orders)), send(orders, "one")])
        try backUp(store)
        store.close()
        let files = FileManager.default
        let path = directory.path + "/holdfast.db"
        try files.moveItem(atPath: path, toPath: path + ".restored")
        for ending in ["", "-wal"] { try Data("former \(ending)".utf8).write(to: URL(fileURLWithPath: path + ending)) }
        // The folder's name follows from the file that is to take the place.
        var moments = [timespec(tv_sec: 1_700_000_000, tv_nsec: 5), timespec(tv_sec: 1_700_000_000, tv_nsec: 5)]
        #expect(utimensat(AT_FDCWD, path + ".restored", &moments, 0) == 0)
        if cut != .beforeAllMoves {
            let name = "replaced-20231114T221320.000000005Z"
            try files.createDirectory(atPath: directory.path + "/" + name, withIntermediateDirectories: false)
            for ending in cut == .afterTheDatabase ? [""] : ["", "-wal"] {
                try files.moveItem(atPath: path + ending, toPath: directory.path + "/\(name)/holdfast.db" + ending)
            }
        }
        let restored = try open(directory)
        #expect(restored.receive(orders).map(body) == ["one"])
        restored.close()
        let folders = try names(in: directory).filter { $0.hasPrefix("replaced-") }
        #expect(folders.count == 1)
        let folder = directory.path + "/" + (try #require(folders.first))
        for ending in ["", "-wal"] {
            #expect(try String(contentsOfFile: folder + "/holdfast.db" + ending, encoding: .utf8) == "former \(ending)")
        }
    }

    @Test func `a restore that was cut short before it was decided changes nothing`() throws {
        let store = try open(directory)
        _ = store.apply([.createQueue(CreateQueueCommand(queue: orders)), send(orders, "one")])
        try backUp(store)
        store.close()
        let half = directory.path + "/holdfast.db.restoring"
        try Data(repeating: 1, count: 100_000).write(to: URL(fileURLWithPath: half))
        let again = try open(directory)
        #expect(again.receive(orders).map(body) == ["one"])
        #expect(try !names(in: directory).contains { $0.contains("restoring") })
        again.close()
        try Data(repeating: 1, count: 100_000).write(to: URL(fileURLWithPath: half))
        try restore(into: directory, isReplacing: true)
        #expect(!FileManager.default.fileExists(atPath: half))
    }

    @Test(arguments: ["copying", "checking"])
    func `a restore that is cancelled leaves nothing and changes nothing`(moment: String) throws {
        let store = try open(directory)
        _ = store.apply([.createQueue(CreateQueueCommand(queue: orders)), send(orders, "one")])
        try backUp(store)
        store.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: directory.path + "/holdfast.db"))
        let restore = try Restore(from: backup, into: directory.path, isReplacing: true, now: clock.now(), chance: 5)
        #expect(throws: BackupError.restoreCancelled) {
            try restore.run { if $0 == moment { restore.cancel() } }
        }
        #expect(try names(in: directory) == ["holdfast.db"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: directory.path + "/holdfast.db")) == before)
    }

    /// Whom the files of a data directory belong to.
    func owners(in path: String) throws -> [String: Int] {
        var owners: [String: Int] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
            var status = stat()
            #expect(stat(path + "/" + name, &status) == 0)
            let group = status.st_gid == status.st_uid ? "" : " of another group"
            owners[((name as NSString).lastPathComponent) + group] = Int(status.st_uid)
        }
        return owners
    }

    @Test(.enabled("only root gives files away", { geteuid() == 0 }), arguments: [true, false])
    func `what root restores belongs to the owner of the database, or else of the directory`(isThere: Bool) throws {
        let store = try open(directory)
        _ = store.apply(.createQueue(CreateQueueCommand(queue: orders)))
        try backUp(store)
        store.close()
        let files = FileManager.default
        #expect(chown(directory.path, isThere ? 0 : 1_000, isThere ? 0 : 1_000) == 0)
        for name in ["holdfast.lock", "holdfast.ballast"] { try? files.removeItem(atPath: directory.path + "/" + name) }
        if isThere {
            #expect(chown(directory.path + "/holdfast.db", 1_000, 1_000) == 0)
        } else {
            try files.removeItem(atPath: directory.path + "/holdfast.db")
        }
        let folder = try restore(into: directory, isReplacing: true).replacedFolder
        #expect((folder != nil) == isThere)
        let expected = Set(
            ["holdfast.lock", "holdfast.db"] + [folder].compactMap { ($0 as NSString?)?.lastPathComponent }
        )
        let owners = try owners(in: directory.path)
        #expect(Set(owners.keys) == expected)
        #expect(Set(owners.values) == [1_000])
    }

    @Test(.enabled("only root gives files away", { geteuid() == 0 }))
    func `root gives away no file that lies elsewhere`() throws {
        let store = try open(directory)
        try backUp(store)
        store.close()
        let files = FileManager.default
        let lock = directory.path + "/holdfast.lock"
        let precious = place.path + "/precious"
        try Data("precious".utf8).write(to: URL(fileURLWithPath: precious))
        #expect(chown(directory.path, 1_000, 1_000) == 0 && chown(directory.path + "/holdfast.db", 1_000, 1_000) == 0)
        try files.removeItem(atPath: lock)
        try files.createSymbolicLink(atPath: lock, withDestinationPath: precious)
        #expect(throws: SQLiteStoreError.self) { try restore(into: directory, isReplacing: true) }
        #expect(try String(contentsOfFile: precious, encoding: .utf8) == "precious")
        #expect(try owners(in: place.path)["precious"] == 0)
    }

    @Test func `a backup that is damaged, newer, of something else or not whole is refused, and nothing is changed`()
        throws
    {
        let store = try open(directory)
        _ = store.apply(.createQueue(CreateQueueCommand(queue: orders)))
        _ = store.apply((0..<200).map { send(orders, "\($0) " + String(repeating: "x", count: 3_000)) })
        try backUp(store)
        store.close()
        let good = try Data(contentsOf: URL(fileURLWithPath: backup))
        let before = try Data(contentsOf: URL(fileURLWithPath: directory.path + "/holdfast.db"))

        func isRefused(_ damage: () throws -> Void) throws {
            try good.write(to: URL(fileURLWithPath: backup))
            try damage()
            let error = #expect(throws: BackupError.self) { try restore(into: directory, isReplacing: true) }
            guard case .notRestorable(backup, _) = error else {
                Issue.record("it ended with \(error.map { "\($0)" } ?? "success")")
                return
            }
            #expect(try names(in: directory) == ["holdfast.db"])
            #expect(try Data(contentsOf: URL(fileURLWithPath: directory.path + "/holdfast.db")) == before)
        }
        func change(_ sql: String) throws {
            let connection = try Connection(path: backup)
            try connection.execute(sql)
            try connection.close()
        }
        try isRefused { try good.prefix(good.count / 2).write(to: URL(fileURLWithPath: backup)) }
        try isRefused { try Data().write(to: URL(fileURLWithPath: backup)) }
        try isRefused { try Data("no database, but text".utf8).write(to: URL(fileURLWithPath: backup)) }
        try isRefused {
            var bytes = good
            for page in stride(from: 40, to: good.count / 4_096, by: 7) {
                bytes.replaceSubrange(page * 4_096..<page * 4_096 + 64, with: Data(repeating: 0xAA, count: 64))
            }
            try bytes.write(to: URL(fileURLWithPath: backup))
        }
        try isRefused { try change("pragma user_version = 99") }
        // What no broker would start with, or serve in part.
        try isRefused { try change("drop index leases_by_deadline") }
        try isRefused { try change("update queue_state set next_sequence = 1") }
        try isRefused { try change("update queue_state set written_at = 9223372036854775807") }
        try isRefused { try change("update queue_state set written_at = -9223372036854775808") }
        try isRefused { try change("delete from messages where key & 1 = 1") }
        try isRefused { try change("pragma application_id = 1") }
        try isRefused { try change("update migrations set checksum = 'another'") }
        try isRefused { try change("update meta set value = zeroblob(32) where name = 'receipt_key'") }
        for ending in ["-wal", "-journal"] {
            try isRefused { try Data("a log".utf8).write(to: URL(fileURLWithPath: backup + ending)) }
            try FileManager.default.removeItem(atPath: backup + ending)
        }
        #expect(throws: BackupError.notThere(place.path + "/none")) {
            _ = try Restore(from: place.path + "/none", into: directory.path, isReplacing: true)
        }
    }
}
