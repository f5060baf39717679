import QueueModel
import SQLite

/// The names of queues that were deleted not long ago, with the moments.
struct DeletedQueueTable {
    private let write: Statement
    private let find: Statement
    private let forget: Statement
    private let older: Statement

    init(_ connection: Connection) throws(SQLiteError) {
        write = try connection.prepare(
            """
            insert into deleted_queues (name, deleted_at) values (?1, ?2)
            on conflict do update set deleted_at = ?2
            """
        )
        find = try connection.prepare("select deleted_at from deleted_queues where name = ?1")
        forget = try connection.prepare("delete from deleted_queues where name = ?1")
        older = try connection.prepare(
            "select name from deleted_queues where deleted_at <= ?1 order by deleted_at limit ?2"
        )
    }

    func write(_ queue: QueueName, deletedAt: Timestamp) throws(SQLiteError) {
        write.bind(1, queue.text)
        write.bind(2, deletedAt.milliseconds)
        try write.run()
    }

    func deletedAt(_ queue: QueueName) throws(SQLiteError) -> Timestamp? {
        defer { find.reset() }
        find.bind(1, queue.text)
        return try find.step() ? Timestamp(milliseconds: find.integer(0)) : nil
    }

    func forget(_ queue: QueueName) throws(SQLiteError) {
        try forget(name: queue.text)
    }

    /// Forgets names that were deleted by a moment, the oldest first.
    ///
    /// - Returns: how many it has forgotten.
    func forget(deletedBy moment: Timestamp, rowsMax: Int) throws(SQLiteError) -> Int {
        let names = try names(deletedBy: moment, rowsMax: rowsMax)
        for name in names {
            try forget(name: name)
        }
        return names.count
    }

    private func names(deletedBy moment: Timestamp, rowsMax: Int) throws(SQLiteError) -> [String] {
        defer { older.reset() }
        older.bind(1, moment.milliseconds)
        older.bind(2, Int64(rowsMax))
        var names: [String] = []
        while try older.step() {
            names.append(older.text(0))
        }
        return names
    }

    private func forget(name: String) throws(SQLiteError) {
        forget.bind(1, name)
        try forget.run()
    }
}
