import QueueModel
import SQLite

/// The leases, by message and by deadline.
struct LeaseTable {
    /// A message whose lease has ended, with what a receive has to know to choose it.
    struct Due {
        let key: MessageKey
        let lease: Lease
        let sentAt: Timestamp
        let sizeBytes: Int
    }

    /// A message that has a lease, with its group.
    struct InGroup {
        let key: MessageKey
        let lease: Lease
        let sentAt: Timestamp

        /// Nothing if it is of none.
        let group: GroupHash?
    }

    private let insertOrReplace: Statement
    private let insertRange: Statement
    private let deleteOne: Statement
    private let deleteRange: Statement
    private let find: Statement
    private let findRange: Statement
    private let findInGroups: Statement
    private let due: Statement
    private let next: Statement
    private let endedStep: Statement
    private let ended: Statement
    private let endedDelayed: Statement

    /// The statements on the way of a message, for the test of their query plans.
    static let hotStatements = [
        "upsert": """
        insert into leases
            (key, queue, deadline, receive_count, first_received_at, received_at, former_receive_count)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        on conflict (key) do update
        set deadline = ?3, receive_count = ?4, first_received_at = ?5, received_at = ?6
        """,
        "insertRange": """
        insert into leases
            (key, queue, deadline, receive_count, first_received_at, received_at, former_receive_count)
        select key, ?3, ?4, ?5, ?6, ?7, ?8 from messages where key between ?1 and ?2
        """,
        "delete": "delete from leases where key = ?1",
        "deleteRange": "delete from leases where key between ?1 and ?2",
        "find": """
        select l.deadline, l.receive_count, l.first_received_at, l.received_at, l.former_receive_count, m.sent_at
        from leases l join messages m on m.key = l.key
        where l.key = ?1
        """,
        "findRange": """
        select deadline, receive_count, first_received_at, received_at, former_receive_count, key
        from leases where key between ?1 and ?2
        order by key
        """,
        "findInGroups": """
        select l.deadline, l.receive_count, l.first_received_at, l.received_at, l.former_receive_count, l.key,
            m.sent_at, m.group_id
        from leases l join messages m on m.key = l.key
        where l.key between ?1 and ?2
        order by l.key
        """,
        "due": """
        select l.deadline, l.receive_count, l.first_received_at, l.received_at, l.former_receive_count, l.key,
            m.sent_at, length(m.body) + coalesce(length(m.attributes), 0)
        from leases l indexed by leases_by_deadline join messages m on m.key = l.key
        where l.queue = ?1 and l.deadline <= ?2
        order by l.deadline, l.key
        """,
        "next": """
        select l.deadline, m.sent_at
        from leases l indexed by leases_by_deadline join messages m on m.key = l.key
        where l.queue = ?1
        order by l.deadline, l.key
        """,
        "endedStep": """
        select deadline from leases indexed by leases_by_deadline
        where queue = ?1 and deadline > ?2 and deadline <= ?3
        order by deadline limit 1 offset ?4
        """,
        "ended": """
        select count(*) from leases indexed by leases_by_deadline
        where queue = ?1 and deadline > ?2 and deadline <= ?3
        """,
        "endedDelayed": """
        select count(*) from leases indexed by leases_delayed
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
        insertOrReplace = try prepare("upsert")
        insertRange = try prepare("insertRange")
        deleteOne = try prepare("delete")
        deleteRange = try prepare("deleteRange")
        find = try prepare("find")
        findRange = try prepare("findRange")
        findInGroups = try prepare("findInGroups")
        due = try prepare("due")
        next = try prepare("next")
        endedStep = try prepare("endedStep")
        ended = try prepare("ended")
        endedDelayed = try prepare("endedDelayed")
    }

    func write(_ lease: Lease, for key: MessageKey) throws(SQLiteError) {
        insertOrReplace.bind(1, key.rawValue)
        bind(insertOrReplace, 2, lease, number: key.number)
        try insertOrReplace.run()
    }

    /// Writes the same lease for messages that have none.
    ///
    /// - Returns: how many of the messages there are.
    func insert(_ lease: Lease, for run: KeyRun) throws(SQLiteError) -> Int {
        insertRange.bind(1, run.first.rawValue)
        insertRange.bind(2, run.last.rawValue)
        bind(insertRange, 3, lease, number: run.first.number)
        try insertRange.run()
        return connection.changedRowCount
    }

    private func bind(_ statement: Statement, _ index: Int32, _ lease: Lease, number: Int64) {
        statement.bind(index, number)
        statement.bind(index + 1, lease.deadline.milliseconds)
        statement.bind(index + 2, Int64(lease.receiveCount))
        statement.bind(index + 3, lease.firstReceivedAt?.milliseconds)
        statement.bind(index + 4, lease.receivedAt?.milliseconds)
        statement.bind(index + 5, Int64(lease.formerReceiveCount))
    }

    func delete(_ key: MessageKey) throws(SQLiteError) {
        deleteOne.bind(1, key.rawValue)
        try deleteOne.run()
    }

    func delete(from first: MessageKey, through last: MessageKey) throws(SQLiteError) {
        deleteRange.bind(1, first.rawValue)
        deleteRange.bind(2, last.rawValue)
        try deleteRange.run()
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
        try walk(findRange, run) { key throws(SQLiteError) in found.append((key, try LeaseTable.lease(findRange))) }
        return found
    }

    /// The leases of messages with what groups need to know of those; the ones without a lease are left out.
    func findInGroup(
        _ run: KeyRun,
        hash: (UnsafeRawBufferPointer) -> GroupHash
    ) throws(SQLiteError) -> [InGroup] {
        var found: [InGroup] = []
        found.reserveCapacity(run.count)
        try walk(findInGroups, run) { key throws(SQLiteError) in
            let message = InGroup(
                key: key,
                lease: try LeaseTable.lease(findInGroups),
                sentAt: Timestamp(milliseconds: findInGroups.integer(6)),
                group: findInGroups.isNull(7) ? nil : findInGroups.withBytes(7, hash)
            )
            found.append(message)
        }
        return found
    }

    private func walk(
        _ statement: Statement,
        _ run: KeyRun,
        _ use: (MessageKey) throws(SQLiteError) -> Void
    ) throws(SQLiteError) {
        defer { statement.reset() }
        statement.bind(1, run.first.rawValue)
        statement.bind(2, run.last.rawValue)
        var last: Int64 = -1
        while try statement.step() {
            let key = MessageKey(rawValue: statement.integer(5))
            // SQLite takes the order of keys for granted and looks at the upper bound alone.
            guard key.rawValue >= run.first.rawValue, key.rawValue > last else {
                throw .corrupt("the lease with key \(key.rawValue) is out of order")
            }
            last = key.rawValue
            try use(key)
        }
    }

    /// Goes to the next message whose lease has ended, the longest ended first, after `startDue`.
    func nextDue() throws(SQLiteError) -> Due? {
        guard try due.step() else { return nil }
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
