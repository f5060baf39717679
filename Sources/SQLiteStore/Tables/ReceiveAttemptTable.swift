import QueueModel
import SQLite

/// What receives with a ReceiveRequestAttemptId handed out.
struct ReceiveAttemptTable {
    /// One such receive.
    struct Attempt {
        let madeAt: Timestamp

        /// The deadline that it gave its messages.
        let deadline: Timestamp

        /// Nothing if what is stored can't be read.
        let receipts: [Receipt]?
    }

    private let write: Statement
    private let find: Statement
    private let older: Statement
    private let delete: Statement

    /// The statements of receives and sweeps, for the test of their query plans.
    static let hotStatements = [
        "write": """
        insert into receive_attempts (queue, attempt_id, made_at, deadline, receipts) values (?1, ?2, ?3, ?4, ?5)
        on conflict (queue, attempt_id) do update set made_at = ?3, deadline = ?4, receipts = ?5
        """,
        "find": "select made_at, deadline, receipts from receive_attempts where queue = ?1 and attempt_id = ?2",
        "older": "select queue, attempt_id from receive_attempts where made_at <= ?1 order by made_at limit ?2",
        // One by one: for a list of pairs SQLite walks through all attempts of a queue.
        "delete": "delete from receive_attempts where queue = ?1 and attempt_id = ?2",
    ]

    init(_ connection: Connection) throws(SQLiteError) {
        func prepare(_ name: String) throws(SQLiteError) -> Statement {
            guard let sql = ReceiveAttemptTable.hotStatements[name] else { preconditionFailure("no statement \(name)") }
            return try connection.prepare(sql)
        }
        write = try prepare("write")
        find = try prepare("find")
        older = try prepare("older")
        delete = try prepare("delete")
    }

    func write(_ attempt: Attempt, id: String, number: Int64) throws(SQLiteError) {
        write.bind(1, number)
        write.bind(2, id)
        write.bind(3, attempt.madeAt.milliseconds)
        write.bind(4, attempt.deadline.milliseconds)
        let numbers = (attempt.receipts ?? []).flatMap {
            [Int64(bitPattern: $0.locator), Int64($0.receiveCount), $0.receivedAt.milliseconds]
        }
        write.bind(5, numbers.map(String.init).joined(separator: " "))
        try write.run()
    }

    /// The attempt with an id, if it was made less than five minutes before `now`.
    func find(_ id: String, number: Int64, now: Timestamp) throws(SQLiteError) -> Attempt? {
        defer { find.reset() }
        find.bind(1, number)
        find.bind(2, id)
        guard try find.step() else { return nil }
        let madeAt = Timestamp(milliseconds: find.integer(0))
        guard madeAt.adding(seconds: Deduplication.intervalSeconds) > now else { return nil }
        return Attempt(
            madeAt: madeAt,
            deadline: Timestamp(milliseconds: find.integer(1)),
            receipts: ReceiveAttemptTable.receipts(find.text(2))
        )
    }

    /// The receipts as they are stored; nothing if they can't be read.
    static func receipts(_ text: String) -> [Receipt]? {
        let words = text.split(separator: " ")
        let numbers = words.compactMap { Int64($0) }
        guard numbers.count == words.count, numbers.count % 3 == 0 else { return nil }
        return stride(from: 0, to: numbers.count, by: 3).map { index in
            Receipt(
                locator: UInt64(bitPattern: numbers[index]),
                receiveCount: Int(numbers[index + 1]),
                receivedAt: Timestamp(milliseconds: numbers[index + 2])
            )
        }
    }

    /// Removes up to `count` attempts that no longer count.
    ///
    /// - Returns: whether there were any.
    func removeSome(count: Int, now: Timestamp) throws(SQLiteError) -> Bool {
        let old = try attempts(madeBy: now.adding(seconds: -Deduplication.intervalSeconds), rowsMax: count)
        for (number, id) in old {
            delete.bind(1, number)
            delete.bind(2, id)
            try delete.run()
        }
        return !old.isEmpty
    }

    private func attempts(
        madeBy moment: Timestamp,
        rowsMax: Int
    ) throws(SQLiteError) -> [(number: Int64, id: String)] {
        defer { older.reset() }
        older.bind(1, moment.milliseconds)
        older.bind(2, Int64(rowsMax))
        var found: [(number: Int64, id: String)] = []
        while try older.step() {
            found.append((older.integer(0), older.text(1)))
        }
        return found
    }
}
