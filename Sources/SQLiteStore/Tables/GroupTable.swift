import QueueModel
import SQLite

/// The groups of FIFO queues that have messages, by name and by the moment at which they can be received from.
struct GroupTable {
    /// A group's first message, and when the group can be received from.
    struct Head: Equatable {
        let key: MessageKey

        /// Whether the message was ever received.
        let isReceived: Bool

        /// The message's deadline; if it was never received, the moment it was sent.
        let readyAt: Timestamp
    }

    private let connection: Connection
    private let write: Statement
    private let add: Statement
    private let delete: Statement
    private let ready: (received: Statement, fresh: Statement)
    private let next: Statement
    private let deleteSome: Statement

    /// The statements on the way of a message, for the test of their query plans.
    static let hotStatements = [
        "write": """
        insert into groups (queue, group_id, head, head_received, ready_at) values (?1, ?2, ?3, ?4, ?5)
        on conflict (queue, group_id) do update set head = ?3, head_received = ?4, ready_at = ?5
        where head <> ?3 or head_received <> ?4 or ready_at <> ?5
        """,
        "add": """
        insert into groups (queue, group_id, head, head_received, ready_at) values (?1, ?2, ?3, ?4, ?5)
        on conflict (queue, group_id) do nothing
        """,
        "delete": "delete from groups where queue = ?1 and group_id = ?2",
        "ready": """
        select group_id, head, ready_at from groups
        where queue = ?1 and head_received = ?2 and ready_at <= ?3
        order by ready_at, head
        """,
        "next": "select min(ready_at) from groups where queue = ?1 and head_received = ?2",
    ]

    init(_ connection: Connection) throws(SQLiteError) {
        func prepare(_ name: String) throws(SQLiteError) -> Statement {
            guard let sql = GroupTable.hotStatements[name] else { preconditionFailure("no statement \(name)") }
            return try connection.prepare(sql)
        }
        self.connection = connection
        write = try prepare("write")
        add = try prepare("add")
        delete = try prepare("delete")
        // Two of the same, since a receive walks through both kinds side by side.
        ready = (try prepare("ready"), try prepare("ready"))
        next = try prepare("next")
        deleteSome = try connection.prepare(
            """
            delete from groups where queue = ?1
                and group_id in (select group_id from groups where queue = ?1 limit ?2)
            """
        )
    }

    /// Writes a group's row.
    ///
    /// - Returns: whether that changed it.
    func write(_ head: Head, of group: String, number: Int64) throws(SQLiteError) -> Bool {
        try run(write, head, group, number)
    }

    /// Writes a group's row unless there is one.
    ///
    /// - Returns: whether there was none.
    func add(_ head: Head, of group: String, number: Int64) throws(SQLiteError) -> Bool {
        try run(add, head, group, number)
    }

    private func run(
        _ statement: Statement,
        _ head: Head,
        _ group: String,
        _ number: Int64
    ) throws(SQLiteError) -> Bool {
        statement.bind(1, number)
        statement.bind(2, group)
        statement.bind(3, head.key.rawValue)
        statement.bind(4, head.isReceived ? 1 : 0)
        statement.bind(5, head.readyAt.milliseconds)
        try statement.run()
        return connection.changedRowCount > 0
    }

    /// Removes a group's row.
    ///
    /// - Returns: whether there was one.
    func delete(_ group: String, number: Int64) throws(SQLiteError) -> Bool {
        delete.bind(1, number)
        delete.bind(2, group)
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
    func startReady(number: Int64, receivedUntil: Timestamp, freshUntil: Timestamp) {
        bind(ready.received, number, isReceived: true, until: receivedUntil)
        bind(ready.fresh, number, isReceived: false, until: freshUntil)
    }

    /// Goes to the next ready group of one kind.
    func nextReady(isReceived: Bool) throws(SQLiteError) -> (group: String, head: Head)? {
        let statement = isReceived ? ready.received : ready.fresh
        guard try statement.step() else { return nil }
        let head = Head(
            key: MessageKey(rawValue: statement.integer(1)),
            isReceived: isReceived,
            readyAt: Timestamp(milliseconds: statement.integer(2))
        )
        return (statement.text(0), head)
    }

    func endReady() {
        ready.received.reset()
        ready.fresh.reset()
    }

    /// The earliest `readyAt` of the groups of one kind.
    func earliest(number: Int64, isReceived: Bool) throws(SQLiteError) -> Timestamp? {
        defer { next.reset() }
        next.bind(1, number)
        next.bind(2, isReceived ? 1 : 0)
        guard try next.step() else { return nil }
        return next.optionalInteger(0).map(Timestamp.init(milliseconds:))
    }

    private func bind(_ statement: Statement, _ number: Int64, isReceived: Bool, until: Timestamp) {
        statement.bind(1, number)
        statement.bind(2, isReceived ? 1 : 0)
        statement.bind(3, until.milliseconds)
    }
}
