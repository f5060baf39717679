import Foundation
import QueueModel
import SQLite
import SQLiteStore
import Testing

/// Damage of each kind is planted in a database with something of everything, and has to be named.
@Suite struct StoreCheckTests {
    private let directory = TemporaryDirectory()
    private let clock = HandClock()
    private let orders = queueName("orders")
    private let letters = queueName("letters")
    private let fifo = queueName("steps.fifo")

    private var path: String { directory.path + "/holdfast.db" }

    private func open() throws -> SQLiteStore {
        try SQLiteStore(directory: directory.path, clock: clock, logger: LogLines().logger) { Issue.record($0) }
    }

    private func step(_ body: String, group: String) -> NewMessage {
        var message = newMessage(body)
        message.content.messageGroupId = group
        message.content.messageDeduplicationId = body
        return message
    }

    /// A closed store with messages received, delayed, fresh, moved and grouped.
    private func fill() throws {
        let store = try open()
        defer { store.close() }
        let policy = "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:letters\",\"maxReceiveCount\":1}"
        let results = store.apply([
            .createQueue(CreateQueueCommand(queue: letters)),
            .createQueue(CreateQueueCommand(queue: orders, attributes: [.redrivePolicy: policy])),
            .createQueue(CreateQueueCommand(queue: fifo)),
            send(orders, "a", "b", "c", "d", "e"),
            .sendMessages(SendMessagesCommand(queue: orders, messages: [newMessage("late", delaySeconds: 60)])),
            .sendMessages(
                SendMessagesCommand(
                    queue: fifo,
                    messages: [step("1", group: "x"), step("2", group: "x"), step("3", group: "y")]
                )
            ),
        ])
        #expect(results.allSatisfy { (try? $0.get()) != nil })
        #expect(store.receive(orders, count: 1, visibilityTimeoutSeconds: 0).count == 1)
        clock.advance(seconds: 1)
        #expect(store.receive(orders, count: 2, visibilityTimeoutSeconds: 600).count == 2)
        #expect(store.receive(fifo, count: 1).count == 1)
    }

    private func check(isQuick: Bool = false) throws -> [String] {
        try StoreCheck(.directory(directory.path), isQuick: isQuick).run().findings.map { "\($0.check): \($0.text)" }
    }

    private func edit(_ change: String) throws {
        let connection = try Connection(path: path)
        try connection.execute(change)
        try connection.close()
    }

    @Test func `a store in order has no findings, its backup neither`() throws {
        try fill()
        #expect(try check() == [])
        #expect(try check(isQuick: true) == [])
        let report = try StoreCheck(.directory(directory.path)).run()
        #expect((report.queueCount, report.messageCount) == (3, 9))
        #expect(report.contentSizeBytes == 12)
        let backup = directory.path + "/back #1.db"
        try FileManager.default.copyItem(atPath: path, toPath: backup)
        #expect(try StoreCheck(.file(backup)).run() == report)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
                == ["back #1.db", "holdfast.ballast", "holdfast.db", "holdfast.lock"]
        )
    }

    @Test(
        arguments: [
            ("update messages set body = x'00' where key & 1 = 1", "does not match its digest"),
            ("delete from leases where receive_count = 1", "is below the cursor and has no lease"),
            ("delete from messages where key >> 40 = 2", "is of 2 messages and has 0"),
            ("update leases set message_count = 11", "is of 11 messages and has"),
            ("update leases set message_count = 1 where message_count = 2", "is below the cursor and has no lease"),
            ("update leases set message_count = 4 where message_count = 1", "has the leases of"),
            ("update leases set queue = 7", "names queue number 7"),
            ("update queue_state set message_count = 99 where number = 2", "queue orders counts 99 messages and has 5"),
            ("update queue_state set in_flight_count = 7 where number = 2", "queue orders counts 7 messages in flight"),
            ("update queue_state set delayed_count = 0 where number = 2", "and 0 delayed, and has 2 and 1"),
            ("update queue_state set next_sequence = 3 where number = 2", "queue orders would give out sequence 3"),
            ("update queue_state set cursor = 100 where number = 2", "the cursor of queue orders is at 100"),
            ("delete from queue_state where number = 1", "queue letters has no state"),
            ("delete from queues where number = 1", "the state of queue number 1 has no queue"),
            ("delete from queues where number = 1", "belong to queue number 1, which is not there"),
            ("insert into retired_queues values (2, 0)", "queue orders has a number that is out of use"),
            ("update meta set value = 2 where name = 'next_queue_number'", "queue number 3 is in use"),
            ("delete from meta where name = 'receipt_key'", "the key that makes receipt handles"),
            ("update queues set attributes = '{' where number = 1", "queue number 1 has a name, attributes or tags"),
            ("update queues set name = 'a b' where number = 1", "queue number 1 has a name, attributes or tags"),
            ("update leased_groups set head = head + 1", "has another first message"),
            ("delete from fresh_groups", "of queue steps.fifo is of a group that is not there"),
            ("update leased_groups set ready_at = 1", "is ready at another moment"),
            ("update leased_groups set queue = 2", "queue orders has groups"),
            ("update fresh_groups set sent_at = 1", "is ready at another moment"),
            ("update fresh_groups set head = head + 1", "has another first message"),
            ("update fresh_groups set head = (9 << 40) + 1", "is of queue number 9, which is not there"),
            ("insert into leased_groups select head >> 40, sent_at, head from fresh_groups", "in more than one row"),
            ("update leased_groups set queue = 9", "a message group is of queue number 9, which is not there"),
            ("delete from group_changes", "of queue steps.fifo is not listed in its group"),
            ("update meta set value = zeroblob(32) where name = 'receipt_key'", "or not the one that was drawn"),
            ("update group_changes set number = number - 1", "row 0 of the group changes does not follow"),
            ("update group_changes set number = number + 1", "row 2 of the group changes can't be read"),
            ("update group_changes set changes = zeroblob(15)", "row 1 of the group changes can't be read"),
            ("insert into group_messages values (3, 0, 1)", "is listed in a group that it is not of"),
            ("insert into group_messages values (-1, 0, 1)", "lists message 1 of queue number -1"),
            ("update messages set group_id = null where key >> 40 = 3", "has no message group"),
            ("insert into receive_attempts values (9, 'a', 0, 0, '')", "a receive attempt is of queue number 9"),
            ("insert into receive_attempts values (3, 'a', 0, 0, '1 2')", "attempt of queue number 3 can't be read"),
            ("insert into deduplication values (900, 0, zeroblob(39))", "of the deduplication ids can't be read"),
            ("insert into deduplication values (901, 0, zeroblob(40))", "ids was sent before the one in front of it"),
            (
                "insert into move_tasks values (1, zeroblob(16), 'letters', 1, null, null, 'LOST', 0, 1, 0, 0, 0, 0, "
                    + "null, 0)", "move task 1 has status LOST"
            ),
            (
                "insert into parked_messages select key, 0, message_id, sent_at, sender_id, digest, body, null, null, "
                    + "null, null, null from messages where key >> 40 = 2 limit 1", "is parked and in its queue"
            ),
            ("update meta set value = 'abc' where name = 'next_queue_number'", "no broker starts with it"),
            ("insert into retired_queues values (-1, 0)", "no broker starts with it"),
            ("update deduplication set sent_at = -1 << 63", "no broker starts with it"),
            ("update queue_state set written_at = 9223372036854775807", "the moment of the last commit can't be"),
            ("update leases set received_at = -1 << 63", "a moment or a count that can't be"),
            ("update leases set former_receive_count = -1 << 63", "a moment or a count that can't be"),
            ("update messages set sent_at = sent_at + (1 << 33) where key & 7 = 2", "was sent after the last commit"),
            ("update messages set sent_at = sent_at - (1 << 33) where key & 7 = 2", "was sent before the one in front"),
            ("drop index leases_by_deadline", "schema: index leases_by_deadline is missing"),
            ("create table more (id integer)", "schema: table more does not belong there"),
            ("pragma user_version = 9", "written by a newer Holdfast"),
            ("pragma application_id = 9", "is not a Holdfast database"),
            ("update migrations set checksum = 'x'", "another text of migration"),
        ]
    )
    func `what does not hold is named`(change: String, finding: String) throws {
        try fill()
        try edit(change)
        let findings = try check()
        #expect(findings.contains { $0.contains(finding) }, "\(findings)")
        #expect(!findings.contains { $0.contains("SQLite error") }, "\(findings)")
    }

    @Test func `many findings of a kind are counted, not listed`() throws {
        let store = try open()
        _ = store.apply(.createQueue(CreateQueueCommand(queue: orders)))
        _ = store.apply((0..<50).map { send(orders, "\($0)") })
        store.close()
        try edit("update messages set body = x'00'")
        let findings = try check()
        #expect(findings.count == 21)
        #expect(findings.last == "messages: and 30 more of these")
    }

    @Test func `a page that was overwritten is a finding, and no start serves it`() throws {
        try fill()
        var file = LogFixture.contents(path)
        for page in 3..<file.count / 4_096 { file[page * 4_096] = 0x77 }
        try Data(file).write(to: URL(fileURLWithPath: path))
        #expect(try check(isQuick: true) != [])
        #expect {
            _ = try open()
        } throws: { error in
            guard case .databaseDamaged(path, _) = error as? SQLiteStoreError else { return false }
            return true
        }
    }

    @Test func `a store that met damage looks before it serves again`() throws {
        try fill()
        let mark = directory.path + "/holdfast.damaged"
        try Data("met damage".utf8).write(to: URL(fileURLWithPath: mark))
        try open().close()
        #expect(!FileManager.default.fileExists(atPath: mark))
        // A page at the end of the file, which no start reads.
        var file = LogFixture.contents(path)
        let connection = try Connection(path: path)
        let page = try #require(
            try connection.integer("select rootpage from sqlite_schema where name = 'move_tasks_by_source'")
        )
        try connection.close()
        file[(Int(page) - 1) * 4_096] = 0x77
        try Data(file).write(to: URL(fileURLWithPath: path))
        try Data("met damage".utf8).write(to: URL(fileURLWithPath: mark))
        #expect(throws: SQLiteStoreError.self) { try open() }
        #expect(FileManager.default.fileExists(atPath: mark))
    }

    @Test func `what is not there, in use or beside its log is refused`() throws {
        #expect(throws: SQLiteStoreError.noDatabase(path)) { _ = try check() }
        #expect(!FileManager.default.fileExists(atPath: directory.path))
        let store = try open()
        defer { store.close() }
        #expect(throws: SQLiteStoreError.directoryInUse(directory.path, processId: Int(getpid()))) { _ = try check() }
        #expect(throws: SQLiteStoreError.hasLog(path)) { _ = try StoreCheck(.file(path)).run() }
    }

    @Test func `an empty or special file is no database, which is one finding in one line`() throws {
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: path))
        #expect(throws: SQLiteStoreError.notOurDatabase(path)) { _ = try check() }
        #expect(throws: SQLiteStoreError.notOurDatabase(path)) { _ = try StoreCheck(.file(path)).run() }
        #expect(throws: SQLiteStoreError.notOurDatabase("/dev/null")) { _ = try StoreCheck(.file("/dev/null")).run() }
    }

    @Test func `a start on tables that are not those of the schema names the file`() throws {
        try fill()
        try edit("alter table messages rename column attributes to other")
        #expect {
            _ = try open()
        } throws: { error in
            guard case .databaseDamaged(path, _) = error as? SQLiteStoreError else { return false }
            return true
        }
    }

    @Test func `a check leaves the log of an unclean stop to the next start`() throws {
        let store = try open()
        defer { store.close() }
        _ = store.apply([.createQueue(CreateQueueCommand(queue: orders)), send(orders, "a", "b")])
        let copy = TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: copy.path, withIntermediateDirectories: true)
        let names = ["holdfast.db", "holdfast.db-wal"]
        for name in names {
            try FileManager.default.copyItem(atPath: "\(directory.path)/\(name)", toPath: "\(copy.path)/\(name)")
        }
        let before = names.map { LogFixture.contents("\(copy.path)/\($0)") }
        let report = try StoreCheck(.directory(copy.path)).run()
        #expect((report.findings, report.messageCount) == ([], 2))
        #expect(names.map { LogFixture.contents("\(copy.path)/\($0)") } == before)
    }

    @Test func `a data directory that is a file, or lies below one, is not taken for one without a database`() throws {
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
        try Data([1]).write(to: URL(fileURLWithPath: path))
        #expect(throws: SQLiteStoreError.directoryUnusable(path, reason: "Not a directory")) {
            _ = try StoreCheck(.directory(path)).run()
        }
        #expect(DirectoryStatus(path: path).obstacle == "it is not a directory")
        #expect(DirectoryStatus(path: path + "/below").obstacle == "Not a directory")
        #expect(DirectoryStatus(path: directory.path).obstacle == nil)
    }

    @Test func `commits behind damage of the log are given up only if that is asked for, and kept aside`() throws {
        let store = try open()
        _ = store.apply(.createQueue(CreateQueueCommand(queue: orders)))
        for number in 0..<20 { _ = store.apply(send(orders, "\(number)")) }
        let copy = TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: copy.path, withIntermediateDirectories: true)
        var log = LogFixture.contents(path + "-wal")
        log[log.count * 7 / 8] ^= 1
        try Data(log).write(to: URL(fileURLWithPath: copy.path + "/holdfast.db-wal"))
        try FileManager.default.copyItem(atPath: path, toPath: copy.path + "/holdfast.db")
        store.close()

        let refused = try StoreCheck(.directory(copy.path)).run()
        #expect(refused.findings.map(\.check) == ["log"])
        #expect(LogFixture.contents(copy.path + "/holdfast.db-wal") == log)
        let report = try StoreCheck(.directory(copy.path), givesUpLog: true).run()
        #expect(report.findings == [])
        #expect((1..<20).contains(report.messageCount))
        #expect(report.keptLogPath.map(LogFixture.contents) == log)
        let left = try SQLiteStore(directory: copy.path, clock: clock, logger: LogLines().logger) { Issue.record($0) }
        #expect(left.receive(orders, count: 10).count == min(10, report.messageCount))
        left.close()
        // What the lost commits gave out is not given out again.
        let connection = try Connection(path: copy.path + "/holdfast.db")
        #expect(try connection.integer("select next_sequence from queue_state") ?? 0 > 1 << 32)
        #expect(try connection.integer("select value from meta where name = 'next_queue_number'") ?? 0 > 1 << 16)
        try connection.close()
    }
}
