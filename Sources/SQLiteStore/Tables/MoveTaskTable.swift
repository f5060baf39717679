import QueueModel
import SQLite

/// The move tasks, with what a step of theirs looks at.
struct MoveTaskTable {
    /// A message that a task may move.
    struct Candidate {
        let key: MessageKey
        let sentAt: Timestamp

        /// When its lease ends, if it has one.
        let deadline: Timestamp?

        let bodySizeBytes: Int
    }

    private let insert: Statement
    private let update: Statement
    private let find: Statement
    private let listOfSource: Statement
    private let listRunning: Statement
    private let forgetEnded: Statement
    private let forgetAll: Statement
    private let candidates: Statement

    private static let columns = """
        task_id, source, source_number, destination, rate, status, moved_count, to_move_count, last_sequence, position,
        has_skipped, has_moved, failure_reason, started_at
        """

    /// The statements of a task's steps, for the test of their query plans.
    static let hotStatements = [
        "update": """
        update move_tasks
        set status = ?2, moved_count = ?3, position = ?4, has_skipped = ?5, has_moved = ?6, failure_reason = ?7
        where task_id = ?1
        """,
        "find": "select \(columns) from move_tasks where task_id = ?1",
        "listOfSource": "select \(columns) from move_tasks where source = ?1 order by number desc limit ?2",
        "listRunning": """
        select \(columns) from move_tasks indexed by move_tasks_running where status = 'RUNNING' order by number desc
        """,
        "candidates": """
        select m.key, m.sent_at, \(LeaseTable.ofMessage("deadline")), length(m.body) from messages m
        where m.key >= ?1 and m.key < ?2
        order by m.key
        """,
    ]

    init(_ connection: Connection) throws(SQLiteError) {
        func prepare(_ name: String) throws(SQLiteError) -> Statement {
            guard let sql = MoveTaskTable.hotStatements[name] else { preconditionFailure("no statement \(name)") }
            return try connection.prepare(sql)
        }
        insert = try connection.prepare(
            """
            insert into move_tasks (\(MoveTaskTable.columns))
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
            """
        )
        update = try prepare("update")
        find = try prepare("find")
        listOfSource = try prepare("listOfSource")
        listRunning = try prepare("listRunning")
        forgetEnded = try connection.prepare(
            """
            delete from move_tasks
            where source = ?1 and status <> 'RUNNING' and number not in (
                select number from move_tasks where source = ?1 order by number desc limit ?2
            )
            """
        )
        forgetAll = try connection.prepare("delete from move_tasks where source = ?1")
        candidates = try prepare("candidates")
    }

    func insert(_ task: MoveTask) throws(SQLiteError) {
        let description = task.description
        insert.bind(1, description.id)
        insert.bind(2, description.source.text)
        insert.bind(3, task.sourceNumber)
        insert.bind(4, description.destination?.text)
        insert.bind(5, description.maxNumberOfMessagesPerSecond.map(Int64.init))
        insert.bind(6, description.status.rawValue)
        insert.bind(7, Int64(description.movedCount))
        insert.bind(8, Int64(description.toMoveCount))
        insert.bind(9, task.bound)
        insert.bind(10, task.position)
        insert.bind(11, task.hasSkipped ? 1 : 0)
        insert.bind(12, task.hasMoved ? 1 : 0)
        insert.bind(13, description.failureReason)
        insert.bind(14, description.startedAt.milliseconds)
        try insert.run()
    }

    /// Writes how a task stands and how far it has come.
    func update(_ task: MoveTask) throws(SQLiteError) {
        let description = task.description
        update.bind(1, description.id)
        update.bind(2, description.status.rawValue)
        update.bind(3, Int64(description.movedCount))
        update.bind(4, task.position)
        update.bind(5, task.hasSkipped ? 1 : 0)
        update.bind(6, task.hasMoved ? 1 : 0)
        update.bind(7, description.failureReason)
        try update.run()
    }

    func find(_ id: MessageID) throws(SQLiteError) -> MoveTask? {
        defer { find.reset() }
        find.bind(1, id)
        return try find.step() ? try MoveTaskTable.task(find) : nil
    }

    /// The last tasks of a queue, the newest first.
    func last(_ count: Int, of source: QueueName) throws(SQLiteError) -> [MoveTask] {
        defer { listOfSource.reset() }
        listOfSource.bind(1, source.text)
        listOfSource.bind(2, Int64(count))
        return try MoveTaskTable.all(listOfSource)
    }

    /// The running tasks of all queues, the newest first.
    func running() throws(SQLiteError) -> [MoveTask] {
        defer { listRunning.reset() }
        return try MoveTaskTable.all(listRunning)
    }

    /// Forgets all tasks of a queue, which is deleted.
    func forgetAll(of source: QueueName) throws(SQLiteError) {
        forgetAll.bind(1, source.text)
        try forgetAll.run()
    }

    /// Forgets all but the last tasks of a queue; none that runs.
    func forget(allBut count: Int, of source: QueueName) throws(SQLiteError) {
        forgetEnded.bind(1, source.text)
        forgetEnded.bind(2, Int64(count))
        try forgetEnded.run()
    }

    /// Starts a walk over messages in the order of their keys.
    func startCandidates(from first: MessageKey, before end: MessageKey) {
        candidates.bind(1, first.rawValue)
        candidates.bind(2, end.rawValue)
    }

    func nextCandidate() throws(SQLiteError) -> Candidate? {
        guard try candidates.step() else { return nil }
        return Candidate(
            key: MessageKey(rawValue: candidates.integer(0)),
            sentAt: Timestamp(milliseconds: candidates.integer(1)),
            deadline: candidates.optionalInteger(2).map(Timestamp.init(milliseconds:)),
            bodySizeBytes: Int(candidates.integer(3))
        )
    }

    func endCandidates() {
        candidates.reset()
    }

    private static func all(_ rows: Statement) throws(SQLiteError) -> [MoveTask] {
        var tasks: [MoveTask] = []
        while try rows.step() {
            tasks.append(try task(rows))
        }
        return tasks
    }

    private static func task(_ row: Statement) throws(SQLiteError) -> MoveTask {
        let sequences = 0...MessageKey.last(of: 0).sequence
        guard let source = QueueName(row.text(1)), let status = MessageMoveTask.Status(rawValue: row.text(5)),
            sequences.contains(row.integer(8)), sequences.contains(row.integer(9))
        else {
            throw .corrupt("a stored move task can't be read")
        }
        return MoveTask(
            description: MessageMoveTask(
                id: try row.messageId(0),
                source: source,
                destination: row.optionalText(3).flatMap(QueueName.init(_:)),
                maxNumberOfMessagesPerSecond: row.optionalInteger(4).map(Int.init),
                status: status,
                movedCount: Int(row.integer(6)),
                toMoveCount: Int(row.integer(7)),
                failureReason: row.optionalText(12),
                startedAt: Timestamp(milliseconds: row.integer(13))
            ),
            sourceNumber: row.integer(2),
            bound: row.integer(8),
            position: row.integer(9),
            hasSkipped: row.integer(10) != 0,
            hasMoved: row.integer(11) != 0
        )
    }
}
