import Foundation
import QueueModel
import SQLite
import SQLiteStore
import Synchronization
import Testing

/// Damage that shows in what rows say, not in SQLite's structure: the store stops as for any damage, and no start
/// serves it.
@Suite struct DamageStopTests {
    private let directory = TemporaryDirectory()
    private let clock = HandClock()
    private let log = LogLines()
    private let orders = queueName("orders")
    private let fifo = queueName("steps.fifo")

    private final class Failures: Sendable {
        let errors = Mutex<[any Error]>([])
    }

    private func open(
        at path: String? = nil,
        _ failures: Failures = Failures(),
        _ configuration: SQLiteStoreConfiguration = SQLiteStoreConfiguration()
    ) throws -> SQLiteStore {
        try SQLiteStore(
            directory: path ?? directory.path,
            clock: clock,
            configuration: configuration,
            logger: log.logger
        ) { error in failures.errors.withLock { $0.append(error) } }
    }

    private func edit(_ change: String) throws {
        let connection = try Connection(path: directory.path + "/holdfast.db")
        try connection.execute(change)
        try connection.close()
    }

    private func fill(bodySizeBytes: Int = 10, count: Int = 3) throws {
        let store = try open()
        defer { store.close() }
        let body = String(repeating: "x", count: bodySizeBytes)
        var step = newMessage("step")
        step.content.messageGroupId = "g"
        step.content.messageDeduplicationId = "d"
        let results = store.apply(
            [.createQueue(CreateQueueCommand(queue: orders)), .createQueue(CreateQueueCommand(queue: fifo))]
                + (0..<count).map { _ in send(orders, body) }
                + [.sendMessages(SendMessagesCommand(queue: fifo, messages: [step]))]
        )
        #expect(results.allSatisfy { (try? $0.get()) != nil })
        #expect(store.receive(orders, count: 1, visibilityTimeoutSeconds: 600).count == 1)
    }

    /// Receives and deletes, and asks for what only some rows tell.
    private func drive(_ store: SQLiteStore) {
        for _ in 0..<6 {
            let receipts = store.receive(orders, count: 1, visibilityTimeoutSeconds: 20).map(\.receipt)
            _ = store.apply(.deleteMessages(DeleteMessagesCommand(queue: orders, receipts: receipts)))
            clock.advance(seconds: 1)
        }
        clock.advance(seconds: 700)
        _ = store.receive(fifo, count: 1)
        _ = store.apply([
            .describeQueue(DescribeQueueCommand(queue: orders, includesCounts: true)),
            .listMessageMoveTasks(ListMessageMoveTasksCommand(source: orders)),
        ])
    }

    /// The store has stopped, named the file and left a mark, and a start with the same files refuses them.
    private func expectStopped(_ store: SQLiteStore, _ failures: Failures) throws {
        store.close()
        let errors = failures.errors.withLock { $0 }
        #expect(errors.count == 1)
        #expect((errors.first as? SQLiteError)?.isDamage == true, "\(errors)")
        #expect(log.contains("the database is damaged"))
        // The lock is kept until the process ends, so the next start has a copy.
        let next = TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: next.path, withIntermediateDirectories: true)
        for name in ["holdfast.db", "holdfast.db-wal", "holdfast.damaged"] {
            try FileManager.default.copyItem(atPath: directory.path + "/" + name, toPath: next.path + "/" + name)
        }
        for _ in 0..<2 {
            #expect {
                _ = try open(at: next.path)
            } throws: { error in
                guard case .databaseDamaged(next.path + "/holdfast.db", _) = error as? SQLiteStoreError else {
                    Issue.record("\(error)")
                    return false
                }
                return true
            }
        }
        #expect(FileManager.default.fileExists(atPath: next.path + "/holdfast.damaged"))
    }

    @Test(
        arguments: [
            "update queue_state set message_count = 0 where number = 1",
            "update queue_state set in_flight_count = 0 where number = 1",
            "update leases set receive_count = 9223372036854775807",
            "update leases set message_count = 0", "update leases set message_count = 11",
            "update leases set received_at = -1 << 63", "update leases set former_receive_count = -1 << 63",
            "insert into move_tasks values (1, zeroblob(16), 'orders', 1, null, null, 'LOST', 0, 1, 0, 0, 0, 0, "
                + "null, 0)",
            "insert into move_tasks values (1, x'00', 'orders', 1, null, null, 'FAILED', 0, 1, 0, 0, 0, 0, null, 0)",
        ]
    )
    func `rows that contradict each other stop the store, and no later start serves them`(damage: String) throws {
        try fill()
        try edit(damage)
        let failures = Failures()
        let store = try open(failures)
        clock.advance(seconds: 601)
        drive(store)
        try expectStopped(store, failures)
    }

    @Test(
        arguments: [
            "update queues set attributes = '{\"VisibilityTimeouT\":\"30\"}'",
            "update queues set tags = '{'", "update queues set name = 'a b' where number = 1",
            "update queue_state set message_count = -1", "update queue_state set cursor = 1 << 41",
            "update queue_state set next_sequence = 1 << 50",
            "update queue_state set written_at = 9223372036854775807",
            "update queue_state set counted_until = 9223372036854775807",
            "delete from queue_state where number = 1", "delete from queues where number = 1",
            "update meta set value = 1 where name = 'next_queue_number'",
            "delete from meta where name = 'receipt_key'", "delete from meta where name = 'receipt_key_digest'",
            "update meta set value = x'00' where name = 'receipt_key'",
            "update meta set value = zeroblob(32) where name = 'receipt_key'",
            "update group_changes set number = number - 1", "update group_changes set number = number + 1",
            "update group_changes set changes = zeroblob(length(changes))",
        ]
    )
    func `a queue that can't be read refuses the start and names the file`(damage: String) throws {
        try fill()
        try edit(damage)
        for _ in 0..<2 {
            #expect {
                _ = try open()
            } throws: { error in
                guard case .databaseDamaged(directory.path + "/holdfast.db", _) = error as? SQLiteStoreError else {
                    return false
                }
                return true
            }
        }
    }

    @Test(
        arguments: [
            "update group_messages set sequence = 1 << 45 where sequence = 2",
            "update fresh_groups set sent_at = 1", "update fresh_groups set sent_at = sent_at + (1 << 38)",
            "update fresh_groups set head = head + 2",
            "insert into leased_groups select head >> 40, sent_at, head from fresh_groups",
            "update leased_groups set head = -head", "update leased_groups set ready_at = 1",
            "insert into fresh_groups select head, ready_at from leased_groups",
            "insert into fresh_groups select key, sent_at from messages where key >> 40 = 2 order by key desc limit 1",
            "update messages set group_id = 'other' where key >> 40 = 2 and key & 3 = 2",
            "delete from messages where key >> 40 = 2 and key & 3 = 2",
        ]
    )
    func `a message group that contradicts its messages stops the store, and no later start serves it`(
        damage: String
    ) throws {
        try fill()
        let first = try open()
        var step = newMessage("next step")
        step.content.messageGroupId = "g"
        step.content.messageDeduplicationId = "e"
        _ = first.apply(.sendMessages(SendMessagesCommand(queue: fifo, messages: [step])))
        if damage.contains("leased_groups") && !damage.contains("into leased_groups") {
            #expect(first.receive(fifo, count: 1, visibilityTimeoutSeconds: 0).count == 1)
        }
        first.close()
        // A start, so that no changes wait.
        try open().close()
        try edit(damage)
        let failures = Failures()
        let store = try open(failures)
        _ = store.receive(fifo, count: 10)
        try expectStopped(store, failures)
    }

    @Test func `a group that lists what was never sent stops the store when a message is sent there`() throws {
        try fill()
        // A start, so that no changes wait.
        try open().close()
        try edit("update group_messages set sequence = sequence + 1000")
        let failures = Failures()
        let store = try open(failures)
        var message = newMessage("next")
        message.content.messageGroupId = "g"
        message.content.messageDeduplicationId = "e"
        _ = store.apply(.sendMessages(SendMessagesCommand(queue: fifo, messages: [message])))
        try expectStopped(store, failures)
    }

    @Test func `a receive attempt that can't be read is refused, and the store goes on`() throws {
        try fill()
        let command = ReceiveMessagesCommand(
            queue: fifo,
            maxNumberOfMessages: 1,
            visibilityTimeoutSeconds: 30,
            attemptId: "a"
        )
        let store = try open()
        guard case .success(.receivedMessages(let received)) = store.apply(.receiveMessages(command)) else {
            Issue.record("no answer")
            return
        }
        #expect(received.messages.count == 1)
        store.close()
        try edit("update receive_attempts set receipts = '1 2 x'")
        let next = try open()
        defer { next.close() }
        #expect(next.apply(.receiveMessages(command)) == .failure(.refused(.receiveAttemptIsOver("a"))))
        clock.advance(seconds: 31)
        #expect(next.receive(fifo).count == 1)
    }

    @Test func `moments and lengths that no message has are no trap`() throws {
        try fill()
        try edit("update messages set sent_at = 9223372036854775807; update leases set deadline = 9223372036854775807")
        let store = try open()
        drive(store)
        store.close()
    }

    /// The sixth message's key is larger than all that follow from then on, or the fifth one has the fourth one's.
    @Test(arguments: [(cell: 5, change: 0x40), (cell: 4, change: 0x01)])
    func `a row whose key is out of order stops the store, and no later start serves it`(
        cell: Int,
        change: UInt8
    ) throws {
        try fill(bodySizeBytes: 10, count: 20)
        try changeMessageLeaves { page, cells in
            if cells.count > 10 { page[cells[cell].rowid + 5] ^= change }
        }
        let failures = Failures()
        let store = try open(failures)
        for _ in 0..<20 { _ = store.receive(orders, count: 1, visibilityTimeoutSeconds: 600) }
        try expectStopped(store, failures)
    }

    @Test func `a lease with another message's key stops the store before that message is deleted`() throws {
        try fill(count: 20)
        let first = try open()
        // One by one, for together they would have one lease.
        let received = (0..<10).flatMap { _ in first.receive(orders, count: 1, visibilityTimeoutSeconds: 600) }
        #expect(received.map { $0.receipt.locator & 255 } == Array(2...11))
        first.close()
        try changeLeaves(where: { !isMessage($0, $1) }) { page, cells in
            // The seventh message's lease says that it is the fifth one's.
            for cell in cells where cell.key & 255 == 7 { page[cell.rowid + 5] ^= 0x02 }
        }
        let failures = Failures()
        let store = try open(failures)
        let receipts = received.filter { (6...8).contains($0.receipt.locator & 255) }.map(\.receipt)
        let result = store.apply(.deleteMessages(DeleteMessagesCommand(queue: orders, receipts: receipts)))
        #expect((try? result.get()) == nil)
        try expectStopped(store, failures)
    }

    @Test(arguments: ["4", "-1 << 63"])
    func `no lease row is divided where the one before has its messages or is of no number`(count: String) throws {
        try fill(count: 9)
        let first = try open()
        // The message of the filling has a row, then four have one, and the next four.
        #expect(first.receive(orders, count: 4, visibilityTimeoutSeconds: 600).count == 4)
        let received = first.receive(orders, count: 4, visibilityTimeoutSeconds: 600)
        first.close()
        try edit("update leases set message_count = 6 where key = (select max(key) from leases)")
        try edit("update leases set message_count = \(count) where key & 255 = 5")
        let failures = Failures()
        let store = try open(failures)
        let second = DeleteMessagesCommand(queue: orders, receipts: [received[1].receipt])
        #expect((try? store.apply(.deleteMessages(second)).get()) == nil)
        try expectStopped(store, failures)
    }

    @Test func `a page number beyond every file is damage and no full disk, if the disk has room`() throws {
        try fill(bodySizeBytes: 4_500, count: 40)
        try changeMessageLeaves { page, cells in
            guard (cells.first?.key ?? 0) & 255 > 1 else { return }
            for cell in cells where cell.overflow < page.count - 4 { page[cell.overflow] = 0x7f }
        }
        var configuration = SQLiteStoreConfiguration()
        configuration.room = { FreeSpace.Room(freeSizeBytes: 1 << 40, reservedSizeBytes: 16_000_000) }
        let failures = Failures()
        let store = try open(failures, configuration)
        drive(store)
        #expect(log.contains("takes the disk for full"))
        try expectStopped(store, failures)
    }

    private struct Cell {
        let key: Int64
        /// Where the key stands in the page, in seven bits per byte.
        let rowid: Int
        /// Where the number of the first overflow page stands.
        let overflow: Int
    }

    /// Changes the pages that hold messages of queue 1, as a bad disk does.
    private func changeMessageLeaves(_ change: (inout [UInt8], [Cell]) -> Void) throws {
        try changeLeaves(where: isMessage, change)
    }

    /// Changes the pages whose first row is of queue 1 and of the wanted kind.
    private func changeLeaves(
        where isWanted: ([UInt8], Cell) -> Bool,
        _ change: (inout [UInt8], [Cell]) -> Void
    ) throws {
        let path = directory.path + "/holdfast.db"
        var file = LogFixture.contents(path)
        for start in stride(from: 4_096, to: file.count, by: 4_096) where file[start] == 13 {
            var page = Array(file[start..<start + 4_096])
            let count = Int(page[3]) << 8 | Int(page[4])
            var cells: [Cell] = []
            for index in 0..<count {
                var place = Int(page[8 + 2 * index]) << 8 | Int(page[9 + 2 * index])
                func varint() -> Int64 {
                    var value: Int64 = 0
                    while page[place] & 0x80 != 0 {
                        value = value << 7 | Int64(page[place] & 0x7f)
                        place += 1
                    }
                    value = value << 7 | Int64(page[place])
                    place += 1
                    return value
                }
                let size = varint()
                let rowid = place
                let key = varint()
                let (least, rest) = (489, 489 + (Int(size) - 489) % 4_092)
                cells.append(Cell(key: key, rowid: rowid, overflow: place + (rest <= 4_061 ? rest : least)))
            }
            // Messages alone have keys that begin with a queue's number and are larger than their leases' rows.
            guard let key = cells.first?.key, key >> 40 == 1, isWanted(page, cells[0]) else { continue }
            change(&page, cells)
            file.replaceSubrange(start..<start + 4_096, with: page)
        }
        try Data(file).write(to: URL(fileURLWithPath: path))
    }

    /// A message's row begins with a header of a dozen columns; a lease's has fewer.
    private func isMessage(_ page: [UInt8], _ cell: Cell) -> Bool {
        page[cell.rowid + 6] > 10
    }
}
