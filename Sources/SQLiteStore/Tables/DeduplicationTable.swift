import Crypto
import QueueModel
import SQLite

/// The deduplication ids of the last five minutes.
///
/// A row's key is a hash, so rows of one minute go to one small table, whose pages stay in memory however many minutes
/// are kept, and whose rows are removed together.
struct DeduplicationTable {
    /// What a deduplication id stands for.
    struct Scope {
        let number: Int64

        /// The group for which the id counts, or nothing for the whole queue.
        let group: String?
        let id: String

        /// Where its row is looked for first.
        fileprivate let place: Int64
    }

    /// The first message that had an id.
    struct First {
        let messageId: MessageID
        let key: MessageKey
    }

    private static let slotCount: Int64 = 8
    private static let slotMilliseconds: Int64 = 60_000

    /// Slots before the present one that can hold an id that still counts.
    private static let slotsBack = Int64(Deduplication.intervalSeconds) * 1_000 / slotMilliseconds

    private struct Slot {
        let find: Statement
        let insert: Statement
        let clear: Statement
        let clearSome: Statement
        let any: Statement

        /// The minute whose ids the table holds, or nothing if it is empty.
        var minute: Int64?
    }

    private var slots: [Slot] = []
    private let secret: [UInt8]

    /// The statements on the way of a message, for the test of their query plans.
    static let hotStatements = [
        "find": """
        select queue, group_id, deduplication_id, sent_at, message_key, message_id
        from deduplication_0 where key = ?1
        """,
        "insert": """
        insert into deduplication_0 (key, queue, group_id, deduplication_id, sent_at, message_key, message_id)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        """,
    ]

    init(_ connection: Connection, secret: [UInt8]) throws(SQLiteError) {
        self.secret = secret
        for index in 0..<Int(DeduplicationTable.slotCount) {
            let table = "deduplication_\(index)"
            func prepare(_ sql: String) throws(SQLiteError) -> Statement {
                try connection.prepare(sql.replacing("deduplication_0", with: table))
            }
            guard let find = DeduplicationTable.hotStatements["find"],
                let insert = DeduplicationTable.hotStatements["insert"]
            else { preconditionFailure("a statement is missing") }
            slots.append(
                Slot(
                    find: try prepare(find),
                    insert: try prepare(insert),
                    clear: try prepare("delete from deduplication_0"),
                    clearSome: try prepare(
                        "delete from deduplication_0 where key in (select key from deduplication_0 limit ?1)"
                    ),
                    any: try prepare("select sent_at from deduplication_0 limit 1")
                )
            )
        }
        try load()
    }

    /// Reads again which minute each table holds.
    mutating func load() throws(SQLiteError) {
        for index in slots.indices {
            defer { slots[index].any.reset() }
            let hasRow = try slots[index].any.step()
            slots[index].minute = hasRow ? slots[index].any.integer(0) / DeduplicationTable.slotMilliseconds : nil
        }
    }

    /// The first message with an id, if it was sent less than five minutes before `now`.
    func find(_ scope: Scope, now: Timestamp) throws(SQLiteError) -> First? {
        let present = now.milliseconds / DeduplicationTable.slotMilliseconds
        for slot in slots {
            guard let minute = slot.minute, minute >= present - DeduplicationTable.slotsBack else { continue }
            if let (first, sentAt) = try find(scope, in: slot).row,
                sentAt.adding(seconds: Deduplication.intervalSeconds) > now
            {
                return first
            }
        }
        return nil
    }

    /// Remembers an id, which `find` did not find.
    mutating func insert(_ scope: Scope, first: First, now: Timestamp) throws(SQLiteError) {
        let minute = now.milliseconds / DeduplicationTable.slotMilliseconds
        let index = Int(minute % DeduplicationTable.slotCount)
        if slots[index].minute != minute {
            if slots[index].minute != nil {
                try slots[index].clear.run()
            }
            slots[index].minute = minute
        }
        let slot = slots[index]
        slot.insert.bind(1, try find(scope, in: slot).freeKey)
        slot.insert.bind(2, scope.number)
        slot.insert.bind(3, scope.group)
        slot.insert.bind(4, scope.id)
        slot.insert.bind(5, now.milliseconds)
        slot.insert.bind(6, first.key.rawValue)
        slot.insert.bind(7, first.messageId)
        try slot.insert.run()
    }

    /// Removes up to `count` ids that no longer count.
    ///
    /// - Returns: whether there were any.
    mutating func removeSome(count: Int, now: Timestamp) throws(SQLiteError) -> Bool {
        let present = now.milliseconds / DeduplicationTable.slotMilliseconds
        for index in slots.indices {
            guard let minute = slots[index].minute, minute < present - DeduplicationTable.slotsBack else { continue }
            slots[index].clearSome.bind(1, Int64(count))
            try slots[index].clearSome.run()
            defer { slots[index].any.reset() }
            if try !slots[index].any.step() {
                slots[index].minute = nil
            }
            return true
        }
        return false
    }

    /// The row of an id in one table, and the key that a new row for it would get.
    private func find(
        _ scope: Scope,
        in slot: Slot
    ) throws(SQLiteError) -> (row: (first: First, sentAt: Timestamp)?, freeKey: Int64) {
        let statement = slot.find
        defer { statement.reset() }
        var key = scope.place
        while true {
            statement.reset()
            statement.bind(1, key)
            guard try statement.step() else { return (nil, key) }
            if statement.integer(0) == scope.number, statement.optionalText(1) == scope.group,
                statement.text(2) == scope.id
            {
                let first = First(
                    messageId: try statement.messageId(5),
                    key: MessageKey(rawValue: statement.integer(4))
                )
                guard first.key.rawValue >= 0 else { throw .corrupt("a deduplication id has a key below 0") }
                // An expired row of the same minute's table eight minutes ago was cleared, so this is the only one.
                return ((first, Timestamp(milliseconds: statement.integer(3))), key)
            }
            key &+= 1
        }
    }

    /// What an id stands for in a queue; the place of its row is the start of a SHA-256 over all of it.
    ///
    /// The store's secret goes first: without it nobody can choose ids whose rows get in each other's way.
    func scope(number: Int64, group: String?, id: String) -> Scope {
        var hash = SHA256()
        func add(_ text: String) {
            var text = text
            text.withUTF8 { bytes in
                withUnsafeBytes(of: bytes.count) { hash.update(bufferPointer: $0) }
                hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
            }
        }
        secret.withUnsafeBytes { hash.update(bufferPointer: $0) }
        withUnsafeBytes(of: number) { hash.update(bufferPointer: $0) }
        add(id)
        if let group {
            add(group)
        }
        let place = hash.finalize().withUnsafeBytes { Int64(bigEndian: $0.loadUnaligned(as: Int64.self)) }
        return Scope(number: number, group: group, id: id, place: place)
    }
}
