import QueueModel
import SQLite

/// The groups of FIFO queues that have messages, by the moment at which they can be received from.
///
/// A group has its row in `fresh_groups` while its first message has no lease, and else in `leased_groups`, where it is
/// found by all that it holds, which follows from that message and its lease.
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
    private let insertFresh: Statement
    private let insertLeased: Statement
    private let lease: Statement
    private let change: Statement
    private let deleteFresh: Statement
    private let deleteLeased: Statement
    private let freshHeads: Statement
    private let ready: Statement
    private let deleteSomeFresh: Statement
    private let deleteSomeLeased: Statement

    /// The statements on the way of a message, for the test of their query plans.
    static let hotStatements = [
        "insertFresh": "insert into fresh_groups (head, sent_at) values (?1, ?2)",
        "insertLeased": "insert into leased_groups (queue, ready_at, head) values (?1, ?2, ?3)",
        "lease": """
        insert into leased_groups (queue, ready_at, head)
        select ?3, ?4, head from fresh_groups where head between ?1 and ?2
        """,
        "change": "update leased_groups set ready_at = ?4 where queue = ?1 and ready_at = ?2 and head = ?3",
        "deleteFresh": "delete from fresh_groups where head between ?1 and ?2",
        "deleteLeased": "delete from leased_groups where queue = ?1 and ready_at = ?2 and head between ?3 and ?4",
        "freshHeads": "select head, sent_at from fresh_groups where head between ?1 and ?2 order by head",
        "ready": """
        select head, ready_at from leased_groups where queue = ?1 and ready_at <= ?2 order by ready_at, head
        """,
    ]

    init(_ connection: Connection) throws(SQLiteError) {
        func prepare(_ name: String) throws(SQLiteError) -> Statement {
            guard let sql = GroupTable.hotStatements[name] else { preconditionFailure("no statement \(name)") }
            return try connection.prepare(sql)
        }
        self.connection = connection
        insertFresh = try prepare("insertFresh")
        insertLeased = try prepare("insertLeased")
        lease = try prepare("lease")
        change = try prepare("change")
        deleteFresh = try prepare("deleteFresh")
        deleteLeased = try prepare("deleteLeased")
        freshHeads = try prepare("freshHeads")
        ready = try prepare("ready")
        deleteSomeFresh = try connection.prepare(
            """
            delete from fresh_groups where head in (
                select head from fresh_groups where head between ?1 and ?2 limit ?3
            )
            """
        )
        deleteSomeLeased = try connection.prepare(
            """
            delete from leased_groups where queue = ?1 and (ready_at, head) in (
                select ready_at, head from leased_groups where queue = ?1 limit ?2
            )
            """
        )
    }

    /// Writes the row of a group that has none.
    func insert(_ head: Head) throws(SQLiteError) {
        if head.isLeased {
            insertLeased.bind(1, head.key.number)
            insertLeased.bind(2, head.readyAt.milliseconds)
            insertLeased.bind(3, head.key.rawValue)
            try insertLeased.run()
        } else {
            insertFresh.bind(1, head.key.rawValue)
            insertFresh.bind(2, head.readyAt.milliseconds)
            try insertFresh.run()
        }
    }

    /// Has groups wait for a deadline whose first messages had no lease.
    ///
    /// - Returns: how many of the messages are the first of their group.
    func lease(_ run: KeyRun, until deadline: Timestamp) throws(SQLiteError) -> Int {
        bind(lease, 1, run)
        lease.bind(3, run.first.number)
        lease.bind(4, deadline.milliseconds)
        try lease.run()
        let count = connection.changedRowCount
        guard count > 0 else { return 0 }
        try delete(run)
        return count
    }

    /// Changes the deadline that a group waits for.
    ///
    /// - Returns: whether the message is the first one of its group.
    func change(_ key: MessageKey, from former: Timestamp, to deadline: Timestamp) throws(SQLiteError) -> Bool {
        change.bind(1, key.number)
        change.bind(2, former.milliseconds)
        change.bind(3, key.rawValue)
        change.bind(4, deadline.milliseconds)
        try change.run()
        return connection.changedRowCount > 0
    }

    /// Removes the rows of groups, by their first messages in the order of their keys.
    func delete(_ heads: [Head]) throws(SQLiteError) {
        var left = heads[...]
        while let first = left.first {
            // What was received at once is mostly deleted at once.
            let alike = left.prefix { $0.isLeased == first.isLeased && (!$0.isLeased || $0.readyAt == first.readyAt) }
            for run in KeyRun.runs(of: alike.lazy.map(\.key)) {
                try first.isLeased ? delete(run, readyAt: first.readyAt) : delete(run)
                guard connection.changedRowCount == run.count else {
                    throw .corrupt("a group with a first message from key \(run.first.rawValue) on has no row")
                }
            }
            left = left.dropFirst(alike.count)
        }
    }

    private func delete(_ run: KeyRun) throws(SQLiteError) {
        bind(deleteFresh, 1, run)
        try deleteFresh.run()
    }

    private func delete(_ run: KeyRun, readyAt: Timestamp) throws(SQLiteError) {
        deleteLeased.bind(1, run.first.number)
        deleteLeased.bind(2, readyAt.milliseconds)
        bind(deleteLeased, 3, run)
        try deleteLeased.run()
    }

    /// Removes up to `count` groups of each kind of a number that is out of use.
    func deleteSome(number: Int64, count: Int) throws(SQLiteError) {
        deleteSomeFresh.bind(1, MessageKey(number: number, sequence: 0).rawValue)
        deleteSomeFresh.bind(2, MessageKey.last(of: number).rawValue)
        deleteSomeFresh.bind(3, Int64(count))
        try deleteSomeFresh.run()
        deleteSomeLeased.bind(1, number)
        deleteSomeLeased.bind(2, Int64(count))
        try deleteSomeLeased.run()
    }

    // MARK: Walks

    /// Starts to walk through the groups that are ready, both kinds by their `readyAt`.
    func startReady(number: Int64, leasedUntil: Timestamp) {
        ready.bind(1, number)
        ready.bind(2, leasedUntil.milliseconds)
        freshHeads.bind(1, MessageKey(number: number, sequence: 0).rawValue)
        freshHeads.bind(2, MessageKey.last(of: number).rawValue)
    }

    /// Goes to the next group whose first message has a lease that has ended.
    func nextLeased(number: Int64) throws(SQLiteError) -> Head? {
        try next(ready, number, isLeased: true)
    }

    /// Goes to the next group whose first message has no lease, if that was sent early enough.
    ///
    /// In the order of their keys, which is that of their sending: no message without a lease brings its age along.
    func nextFresh(number: Int64, sentUntil: Timestamp, now: Timestamp) throws(SQLiteError) -> Head? {
        try nextFresh(number: number, now: now).flatMap { $0.readyAt <= sentUntil ? $0 : nil }
    }

    private func nextFresh(number: Int64, now: Timestamp) throws(SQLiteError) -> Head? {
        guard let head = try next(freshHeads, number, isLeased: false) else { return nil }
        // All that come after it would wait for it.
        guard head.readyAt <= now else {
            throw .corrupt("a group whose first message has key \(head.key.rawValue) is of a time to come")
        }
        return head
    }

    func endReady() {
        ready.reset()
        freshHeads.reset()
    }

    /// The earliest `readyAt` of the groups of each kind.
    func earliest(number: Int64, now: Timestamp) throws(SQLiteError) -> (leased: Timestamp?, fresh: Timestamp?) {
        startReady(number: number, leasedUntil: Timestamp(milliseconds: .max))
        defer { endReady() }
        let leased = try next(ready, number, isLeased: true)
        return (leased?.readyAt, try nextFresh(number: number, now: now)?.readyAt)
    }

    private func next(_ statement: Statement, _ number: Int64, isLeased: Bool) throws(SQLiteError) -> Head? {
        guard try statement.step() else { return nil }
        let key = MessageKey(rawValue: statement.integer(0))
        guard key.number == number else {
            throw .corrupt("a group of queue number \(number) has a first message of another queue")
        }
        return Head(key: key, isLeased: isLeased, readyAt: Timestamp(milliseconds: statement.integer(1)))
    }

    private func bind(_ statement: Statement, _ index: Int32, _ run: KeyRun) {
        statement.bind(index, run.first.rawValue)
        statement.bind(index + 1, run.last.rawValue)
    }
}

extension GroupTable.Head {
    /// The head that a message is with its lease, if it has one.
    init(key: MessageKey, lease: Lease?, sentAt: Timestamp) {
        self.init(key: key, isLeased: lease != nil, readyAt: lease?.deadline ?? sentAt)
    }
}
