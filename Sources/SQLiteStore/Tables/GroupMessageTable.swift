import SQLite

/// Which messages each group of a FIFO queue has, but for changes that wait in `group_changes`.
struct GroupMessageTable {
    private let connection: Connection
    private let next: Statement
    private let insert: Statement
    private let delete: Statement
    private let deleteSome: Statement

    /// The statements on the way of a message, for the test of their query plans.
    static let hotStatements = [
        "next": """
        select sequence from group_messages
        where queue = ?1 and group_hash = ?2 and sequence > ?3
        order by sequence
        """,
        "insert": "insert or ignore into group_messages (queue, group_hash, sequence) values (?1, ?2, ?3)",
        "delete": "delete from group_messages where queue = ?1 and group_hash = ?2 and sequence = ?3",
    ]

    init(_ connection: Connection) throws(SQLiteError) {
        func prepare(_ name: String) throws(SQLiteError) -> Statement {
            guard let sql = GroupMessageTable.hotStatements[name] else { preconditionFailure("no statement \(name)") }
            return try connection.prepare(sql)
        }
        self.connection = connection
        next = try prepare("next")
        insert = try prepare("insert")
        delete = try prepare("delete")
        deleteSome = try connection.prepare(
            """
            delete from group_messages where queue = ?1 and (group_hash, sequence) in (
                select group_hash, sequence from group_messages where queue = ?1 limit ?2
            )
            """
        )
    }

    /// Goes through what is listed in a group behind a key, as long as `isWanted` says so.
    func walk(
        _ hash: GroupHash,
        after key: MessageKey,
        while isWanted: (MessageKey) throws(SQLiteError) -> Bool
    ) throws(SQLiteError) {
        defer { next.reset() }
        GroupMessageTable.bind(next, hash, key)
        while try next.step() {
            guard next.integer(0) <= MessageKey.last(of: key.number).sequence else {
                throw .corrupt("a group of queue number \(key.number) lists a message that no queue can have")
            }
            guard try isWanted(MessageKey(number: key.number, sequence: next.integer(0))) else { return }
        }
    }

    /// Lists a message, if it is not listed yet.
    func insert(_ key: MessageKey, _ hash: GroupHash) throws(SQLiteError) {
        GroupMessageTable.bind(insert, hash, key)
        try insert.run()
    }

    /// Lists a message no more.
    func delete(_ key: MessageKey, _ hash: GroupHash) throws(SQLiteError) {
        GroupMessageTable.bind(delete, hash, key)
        try delete.run()
    }

    /// Removes up to `count` messages of a number that is out of use.
    ///
    /// - Returns: how many there were.
    func deleteSome(number: Int64, count: Int) throws(SQLiteError) -> Int {
        deleteSome.bind(1, number)
        deleteSome.bind(2, Int64(count))
        try deleteSome.run()
        return connection.changedRowCount
    }

    /// Binds what a row holds.
    static func bind(_ statement: Statement, _ hash: GroupHash, _ key: MessageKey) {
        statement.bind(1, key.number)
        statement.bind(2, hash.integer)
        statement.bind(3, key.sequence)
    }
}
