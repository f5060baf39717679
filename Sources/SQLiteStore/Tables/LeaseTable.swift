import QueueModel
import SQLite

/// The leases, by message and by deadline; messages that follow each other share a row if they have the same.
struct LeaseTable {
    /// A row: messages and the lease that they have.
    private struct Row {
        let messages: KeyRun
        let lease: Lease
    }

    /// A message whose lease has ended, with what a receive has to know to choose it.
    struct Due {
        let key: MessageKey
        let lease: Lease
        let sentAt: Timestamp
        let sizeBytes: Int
    }

    private let insert: Statement
    private let change: Statement
    private let shorten: Statement
    private let delete: Statement
    private let deleteWhole: Statement
    private let find: Statement
    private let rows: Statement
    private let due: Statement
    private let next: Statement
    private let endedStep: Statement
    private let ended: Statement
    private let endedDelayed: Statement

    /// The keys of the messages of a row `l`, as a condition.
    private static let keys = "between l.key - l.message_count + 1 and l.key"

    /// What the row holds that has the lease of a message `m`, as an expression; null if the message has none.
    static func ofMessage(_ column: String) -> String {
        "(select case when key - message_count < m.key then \(column) end from leases where key >= m.key "
            + "order by key limit 1)"
    }

    /// The statements on the way of a message, for the test of their query plans.
    static let hotStatements = [
        "insert": """
        insert into leases
            (key, message_count, queue, deadline, receive_count, first_received_at, received_at, former_receive_count)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """,
        "change": """
        update leases
        set deadline = ?4, receive_count = ?5, first_received_at = ?6, received_at = ?7, former_receive_count = ?8
        where key = ?1 and message_count = ?2 and queue = ?3
        """,
        "shorten": "update leases set message_count = ?2 where key = ?1",
        "delete": "delete from leases where key = ?1",
        "deleteWhole": "delete from leases where key = ?1 and message_count = ?2",
        "find": """
        select l.deadline, l.receive_count, l.first_received_at, l.received_at, l.former_receive_count, m.sent_at
        from messages m join leases l on l.key = \(ofMessage("key"))
        where m.key = ?1
        """,
        "rows": """
        select deadline, receive_count, first_received_at, received_at, former_receive_count, key, message_count
        from leases where key >= ?1
        order by key
        """,
        "due": """
        select l.deadline, l.receive_count, l.first_received_at, l.received_at, l.former_receive_count, m.key,
            m.sent_at, length(m.body) + coalesce(length(m.attributes), 0), l.key
        from leases l indexed by leases_by_deadline left join messages m on m.key \(keys)
        where l.queue = ?1 and l.deadline <= ?2
        order by l.deadline, l.key
        """,
        "next": """
        select l.deadline, m.sent_at
        from leases l indexed by leases_by_deadline join messages m on m.key \(keys)
        where l.queue = ?1
        order by l.deadline, l.key
        """,
        "endedStep": """
        select deadline from leases indexed by leases_by_deadline
        where queue = ?1 and deadline > ?2 and deadline <= ?3
        order by deadline limit 1 offset ?4
        """,
        "ended": """
        select sum(message_count) from leases indexed by leases_by_deadline
        where queue = ?1 and deadline > ?2 and deadline <= ?3
        """,
        "endedDelayed": """
        select sum(message_count) from leases indexed by leases_delayed
        where queue = ?1 and deadline > ?2 and deadline <= ?3 and receive_count = 0
        """,
    ]

    private let connection: Connection

    init(_ connection: Connection) throws(SQLiteError) {
        self.connection = connection
        func prepare(_ name: String) throws(SQLiteError) -> Statement {
            guard let sql = LeaseTable.hotStatements[name] else { preconditionFailure("no statement \(name)") }
            return try connection.prepare(sql)
        }
        insert = try prepare("insert")
        change = try prepare("change")
        shorten = try prepare("shorten")
        delete = try prepare("delete")
        deleteWhole = try prepare("deleteWhole")
        find = try prepare("find")
        rows = try prepare("rows")
        due = try prepare("due")
        next = try prepare("next")
        endedStep = try prepare("endedStep")
        ended = try prepare("ended")
        endedDelayed = try prepare("endedDelayed")
    }

    /// Writes the lease of messages that have none.
    ///
    /// - Throws: an error for damage if one of them has a lease: it would be in two hands.
    func insert(_ lease: Lease, for run: KeyRun) throws(SQLiteError) {
        precondition(LeaseTable.messageCounts.contains(Int64(run.count)), "a lease is of \(run.count) messages")
        guard try isWithoutLease(run) else {
            throw .corrupt("a message from key \(run.first.rawValue) on has a lease already")
        }
        bind(insert, run, lease)
        try insert.run()
    }

    private func isWithoutLease(_ run: KeyRun) throws(SQLiteError) -> Bool {
        defer { rows.reset() }
        rows.bind(1, run.first.rawValue)
        guard try rows.step() else { return true }
        let count = rows.integer(6)
        // The next row has to begin behind the last of them.
        return LeaseTable.messageCounts.contains(count) && rows.integer(5) - count >= run.last.rawValue
    }

    /// Writes another lease for messages that all have one.
    func replace(_ lease: Lease, for run: KeyRun) throws(SQLiteError) {
        bind(change, run, lease)
        try change.run()
        guard connection.changedRowCount == 0 else { return }
        guard try remove(run) == run.count else {
            throw .corrupt("a lease from key \(run.first.rawValue) on was found and is gone")
        }
        try insert(lease, for: run)
    }

    /// Binds what both statements that write a lease take, in the order of its columns.
    private func bind(_ statement: Statement, _ run: KeyRun, _ lease: Lease) {
        statement.bind(1, run.last.rawValue)
        statement.bind(2, Int64(run.count))
        statement.bind(3, run.first.number)
        statement.bind(4, lease.deadline.milliseconds)
        statement.bind(5, Int64(lease.receiveCount))
        statement.bind(6, lease.firstReceivedAt?.milliseconds)
        statement.bind(7, lease.receivedAt?.milliseconds)
        statement.bind(8, Int64(lease.formerReceiveCount))
    }

    /// Removes the leases of messages; those without one are passed over.
    ///
    /// - Returns: how many of the messages had one.
    @discardableResult
    func remove(_ run: KeyRun) throws(SQLiteError) -> Int {
        // What was received together is mostly deleted together.
        deleteWhole.bind(1, run.last.rawValue)
        deleteWhole.bind(2, Int64(run.count))
        try deleteWhole.run()
        guard connection.changedRowCount == 0 else { return run.count }
        var found: [Row] = []
        try walk(run) { row throws(SQLiteError) in found.append(row) }
        var count = 0
        for row in found {
            let (before, common, after) = row.messages.parts(by: run)
            count += common.count
            if let after {
                shorten.bind(1, after.last.rawValue)
                shorten.bind(2, Int64(after.count))
                try shorten.run()
            } else {
                delete.bind(1, row.messages.last.rawValue)
                try delete.run()
            }
            if let before { try insert(row.lease, for: before) }
        }
        return count
    }

    /// The lease of a message and the moment the message was sent.
    func find(_ key: MessageKey) throws(SQLiteError) -> (lease: Lease, sentAt: Timestamp)? {
        defer { find.reset() }
        find.bind(1, key.rawValue)
        guard try find.step() else { return nil }
        return (try LeaseTable.lease(find), Timestamp(milliseconds: find.integer(5)))
    }

    /// The leases of messages without a look at the messages; those without one are left out.
    func find(_ run: KeyRun) throws(SQLiteError) -> [(key: MessageKey, lease: Lease)] {
        var found: [(key: MessageKey, lease: Lease)] = []
        found.reserveCapacity(run.count)
        try walk(run) { row throws(SQLiteError) in
            for key in row.messages.parts(by: run).common.keys { found.append((key, row.lease)) }
        }
        return found
    }

    /// Goes through the rows that hold the leases of messages.
    private func walk(_ run: KeyRun, _ use: (Row) throws(SQLiteError) -> Void) throws(SQLiteError) {
        defer { rows.reset() }
        rows.bind(1, run.first.rawValue)
        var last = run.first.rawValue - 1
        // A step behind the last one would only find another message's.
        while last < run.last.rawValue, try rows.step() {
            let key = rows.integer(5)
            let count = rows.integer(6)
            guard LeaseTable.messageCounts.contains(count), key > last else {
                throw .corrupt("the lease with key \(key) is out of order")
            }
            let messages = KeyRun(first: MessageKey(rawValue: key - count + 1), count: Int(count))
            guard messages.first.rawValue <= run.last.rawValue else { return }
            guard last < run.first.rawValue || messages.first.rawValue > last else {
                throw .corrupt("the leases with the keys \(last) and \(key) are of the same message")
            }
            try use(Row(messages: messages, lease: try LeaseTable.lease(rows)))
            last = key
        }
    }

    /// How many messages a row can have: as many as a receive hands out.
    private static let messageCounts =
        Int64(Limits.maxNumberOfMessages.lowerBound)...Int64(Limits.maxNumberOfMessages.upperBound)

    /// Goes to the next message whose lease has ended, the longest ended first, after `startDue`.
    func nextDue() throws(SQLiteError) -> Due? {
        guard try due.step() else { return nil }
        guard !due.isNull(5) else { throw .corrupt("the lease with key \(due.integer(8)) has no message") }
        return Due(
            key: MessageKey(rawValue: due.integer(5)),
            lease: try LeaseTable.lease(due),
            sentAt: Timestamp(milliseconds: due.integer(6)),
            sizeBytes: Int(due.integer(7))
        )
    }

    func startDue(number: Int64, now: Timestamp) {
        due.bind(1, number)
        due.bind(2, now.milliseconds)
    }

    func endDue() {
        due.reset()
    }

    /// The earliest deadline of a message that `isExpired` does not take for gone.
    ///
    /// Looks at 100 leases at most.
    func earliestDeadline(
        number: Int64,
        isExpired: (Timestamp) -> Bool
    ) throws(SQLiteError) -> Timestamp? {
        defer { next.reset() }
        next.bind(1, number)
        for _ in 0..<100 {
            guard try next.step() else { return nil }
            let deadline = Timestamp(milliseconds: next.integer(0))
            if !isExpired(Timestamp(milliseconds: next.integer(1))) { return deadline }
        }
        return Timestamp(milliseconds: next.integer(0))
    }

    /// Leases that one step of a count looks at, but for those that ended at the same moment as its last one.
    private static let endedRowsMax = 5_000

    /// Up to when leases can be counted in one step, from one moment on and not after another.
    func endOfCount(number: Int64, after first: Timestamp, until last: Timestamp) throws(SQLiteError) -> Timestamp {
        defer { endedStep.reset() }
        endedStep.bind(1, number)
        endedStep.bind(2, first.milliseconds)
        endedStep.bind(3, last.milliseconds)
        endedStep.bind(4, Int64(LeaseTable.endedRowsMax))
        return try endedStep.step() ? Timestamp(milliseconds: endedStep.integer(0)) : last
    }

    /// How many leases ended after one moment and not after another: of received messages, and of delayed ones.
    func countEnded(
        number: Int64,
        after first: Timestamp,
        until last: Timestamp
    ) throws(SQLiteError) -> (received: Int, delayed: Int) {
        let all = try count(ended, number, after: first, until: last)
        let delayed = try count(endedDelayed, number, after: first, until: last)
        return (all - delayed, delayed)
    }

    private func count(
        _ statement: Statement,
        _ number: Int64,
        after first: Timestamp,
        until last: Timestamp
    ) throws(SQLiteError) -> Int {
        defer { statement.reset() }
        statement.bind(1, number)
        statement.bind(2, first.milliseconds)
        statement.bind(3, last.milliseconds)
        guard try statement.step() else { preconditionFailure("a count has one row") }
        return Int(statement.integer(0))
    }

    /// The lease whose deadline stands in a column of a row, and the rest of it in the next four.
    ///
    /// - Throws: an error for damage if it holds what no lease can.
    static func lease(_ row: Statement, at column: Int32 = 0) throws(SQLiteError) -> Lease {
        let lease = Lease(
            deadline: Timestamp(milliseconds: row.integer(column)),
            receiveCount: Int(row.integer(column + 1)),
            firstReceivedAt: row.optionalInteger(column + 2).map(Timestamp.init(milliseconds:)),
            receivedAt: row.optionalInteger(column + 3).map(Timestamp.init(milliseconds:)),
            formerReceiveCount: Int(row.integer(column + 4))
        )
        guard lease.isPlausible else { throw .corrupt("a lease holds a moment or a count that can't be") }
        return lease
    }
}
