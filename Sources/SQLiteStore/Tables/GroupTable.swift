import QueueModel
import SQLite

/// The groups of FIFO queues that have messages, by the moment at which they can be received from.
///
/// A row is found by all that it holds, which follows from the group's first message and its lease.
struct GroupTable {
    /// A group's first message, and when the group can be received from.
    struct Head: Equatable {
        let key: MessageKey

        /// Whether the message has a lease: it was received, or moved here.
        let isLeased: Bool

        /// The deadline of its lease; without one, the moment it was sent.
        let readyAt: Timestamp
    }

    private let connection: Connection
    private let insert: Statement
    private let change: Statement
    private let delete: Statement
    private let ready: (leased: Statement, fresh: Statement)
    private let next: Statement
    private let deleteSome: Statement

    /// The statements on the way of a message, for the test of their query plans.
    static let hotStatements = [
        "insert": "insert into groups (queue, head_leased, ready_at, head) values (?1, ?2, ?3, ?4)",
        "change": """
        update groups set head_leased = ?5, ready_at = ?6
        where queue = ?1 and head_leased = ?2 and ready_at = ?3 and head = ?4
        """,
        "delete": "delete from groups where queue = ?1 and head_leased = ?2 and ready_at = ?3 and head = ?4",
        "ready": """
        select head, ready_at from groups
        where queue = ?1 and head_leased = ?2 and ready_at <= ?3
        order by ready_at, head
        """,
        "next": "select min(ready_at) from groups where queue = ?1 and head_leased = ?2",
    ]

    init(_ connection: Connection) throws(SQLiteError) {
        func prepare(_ name: String) throws(SQLiteError) -> Statement {
            guard let sql = GroupTable.hotStatements[name] else { preconditionFailure("no statement \(name)") }
            return try connection.prepare(sql)
        }
        self.connection = connection
        insert = try prepare("insert")
        change = try prepare("change")
        delete = try prepare("delete")
        // Two of the same, since a receive walks through both kinds side by side.
        ready = (try prepare("ready"), try prepare("ready"))
        next = try prepare("next")
        deleteSome = try connection.prepare(
            """
            delete from groups where queue = ?1 and (head_leased, ready_at, head) in (
                select head_leased, ready_at, head from groups where queue = ?1 limit ?2
            )
            """
        )
    }

    /// Writes the row of a group that has none.
    func insert(_ head: Head) throws(SQLiteError) {
        bind(insert, head)
        try insert.run()
    }

    /// Changes when a group can be received from.
    ///
    /// - Returns: whether the message is the first one of its group.
    func change(_ former: Head, to head: Head) throws(SQLiteError) -> Bool {
        bind(change, former)
        change.bind(5, head.isLeased ? 1 : 0)
        change.bind(6, head.readyAt.milliseconds)
        try change.run()
        return connection.changedRowCount > 0
    }

    /// Removes a group's row.
    ///
    /// - Returns: whether the message is the first one of its group.
    func delete(_ head: Head) throws(SQLiteError) -> Bool {
        bind(delete, head)
        try delete.run()
        return connection.changedRowCount > 0
    }

    /// Removes up to `count` groups of a number that is out of use.
    func deleteSome(number: Int64, count: Int) throws(SQLiteError) {
        deleteSome.bind(1, number)
        deleteSome.bind(2, Int64(count))
        try deleteSome.run()
    }

    /// Starts to walk through the groups that are ready, both kinds by their `readyAt`.
    func startReady(number: Int64, leasedUntil: Timestamp, freshUntil: Timestamp) {
        bind(ready.leased, number, isLeased: true, until: leasedUntil)
        bind(ready.fresh, number, isLeased: false, until: freshUntil)
    }

    /// Goes to the next ready group of one kind.
    func nextReady(number: Int64, isLeased: Bool) throws(SQLiteError) -> Head? {
        let statement = isLeased ? ready.leased : ready.fresh
        guard try statement.step() else { return nil }
        let key = MessageKey(rawValue: statement.integer(0))
        guard key.number == number else {
            throw .corrupt("a group of queue number \(number) has a first message of another queue")
        }
        return Head(key: key, isLeased: isLeased, readyAt: Timestamp(milliseconds: statement.integer(1)))
    }

    func endReady() {
        ready.leased.reset()
        ready.fresh.reset()
    }

    /// The earliest `readyAt` of the groups of one kind.
    func earliest(number: Int64, isLeased: Bool) throws(SQLiteError) -> Timestamp? {
        defer { next.reset() }
        next.bind(1, number)
        next.bind(2, isLeased ? 1 : 0)
        guard try next.step() else { return nil }
        return next.optionalInteger(0).map(Timestamp.init(milliseconds:))
    }

    private func bind(_ statement: Statement, _ head: Head) {
        statement.bind(1, head.key.number)
        statement.bind(2, head.isLeased ? 1 : 0)
        statement.bind(3, head.readyAt.milliseconds)
        statement.bind(4, head.key.rawValue)
    }

    private func bind(_ statement: Statement, _ number: Int64, isLeased: Bool, until: Timestamp) {
        statement.bind(1, number)
        statement.bind(2, isLeased ? 1 : 0)
        statement.bind(3, until.milliseconds)
    }
}

extension GroupTable.Head {
    /// The head that a message is with its lease, if it has one.
    init(key: MessageKey, lease: Lease?, sentAt: Timestamp) {
        self.init(key: key, isLeased: lease != nil, readyAt: lease?.deadline ?? sentAt)
    }
}
