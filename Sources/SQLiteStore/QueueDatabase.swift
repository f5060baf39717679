import QueueModel
import SQLite

/// Carries commands out on the open database: the part of the store that is deterministic and runs on one thread.
///
/// A batch is `begin`, any number of `execute`, then `commit` or `rollBack`. Each command checks all before it writes,
/// so a refused command has changed nothing.
final class QueueDatabase {
    /// What came of a command in a batch.
    enum Execution {
        case done(Result<Outcome, StoreError>)

        /// The command has used up its share of this batch and goes on in the next one.
        case unfinished
    }

    let connection: Connection
    let meta: MetaTable
    let queueTable: QueueTable
    let messages: MessageTable
    let leases: LeaseTable
    let deletedQueues: DeletedQueueTable
    let moveTasks: MoveTaskTable
    let groups: GroupTable
    let groupIndex: GroupIndex
    let attempts: ReceiveAttemptTable
    let parked: ParkedMessageTable
    var deduplication: DeduplicationTable
    let inFlightMessagesMax: Int

    /// Called where an operation has done a half of what must be done as a whole; nothing in the product.
    var failPoint: (@Sendable (FailPoint) -> Void)?

    /// The moment of the batch under way.
    private(set) var now: Timestamp

    /// The moment of the last commit that wrote something.
    private(set) var lastCommitAt: Timestamp

    private(set) var records: [QueueName: QueueRecord] = [:]
    private(set) var recordsByNumber: [Int64: QueueRecord] = [:]
    /// The names of all queues, ordered.
    private(set) var names: [QueueName] = []
    var retiredNumbers: [Int64] = []
    var deadLetterSources = DeadLetterSources()
    private var nextQueueNumber: Int64 = 1

    /// The parked messages with the moments at which they were sent.
    var parkedKeys: [MessageKey: Timestamp] = [:]

    /// Those that this batch parks, for the log after its commit.
    var parkedNow: [ParkedMessage] = []

    /// Where the next sweep goes on, so that each queue has its turn.
    var sweepPosition = 0

    /// What the receives of this batch may still pass by, remove and move.
    var receiveBudget = ReceiveBudget()

    /// Steps of move tasks that one batch holds at most, so that many tasks do not keep everybody else waiting.
    private static let moveStepsMax = 4

    /// What the batch under way carries out.
    private(set) var scope = BatchScope.all

    /// Pages that were cut off the file since the last checkpoint, which alone gives the room back; also by batches
    /// that were taken back.
    var pagesCut: Int64 = 0

    /// Steps of move tasks that this batch may still do.
    var moveStepsLeft = moveStepsMax

    private var chores: [String: (holder: String, until: Timestamp)] = [:]

    private let beginStatement: Statement
    private let commitStatement: Statement
    private let freePageCountStatement: Statement
    private var hasWritten = false
    private var unwritten: [QueueRecord] = []
    private var touched: [QueueRecord] = []
    private var deleted: [QueueName] = []

    /// Takes over a connection whose schema is up to date, with the secret that was made with the database.
    ///
    /// Without room for writes nothing is written.
    init(
        connection: Connection,
        receiptKey: [UInt8],
        inFlightMessagesMax: Int,
        groupBuffer: GroupBuffer.Size = GroupBuffer.Size(),
        groupHashBits: Int = GroupHasher.bits,
        hasRoom: Bool = true
    ) throws(SQLiteError) {
        self.connection = connection
        self.inFlightMessagesMax = inFlightMessagesMax
        beginStatement = try connection.prepare("begin immediate")
        commitStatement = try connection.prepare("commit")
        freePageCountStatement = try connection.prepare("pragma freelist_count")
        meta = try MetaTable(connection)
        queueTable = try QueueTable(connection)
        messages = try MessageTable(connection)
        leases = try LeaseTable(connection)
        deletedQueues = try DeletedQueueTable(connection)
        moveTasks = try MoveTaskTable(connection)
        groups = try GroupTable(connection)
        groupIndex = try GroupIndex(connection, GroupHasher(secret: receiptKey, bits: groupHashBits), groupBuffer)
        attempts = try ReceiveAttemptTable(connection)
        parked = try ParkedMessageTable(connection)
        deduplication = try DeduplicationTable(connection, secret: receiptKey)
        let stated = try connection.integer("select max(written_at) from queue_state") ?? 0
        let written = max(stated, try meta.integer("written_at") ?? 0)
        lastCommitAt = Timestamp(milliseconds: written)
        guard lastCommitAt.isPlausible else { throw .corrupt("the moment of the last commit can't be: \(written)") }
        now = lastCommitAt
        groupIndex.isLive = { [unowned self] in recordsByNumber[$0] != nil }
        try load()
        try groupIndex.start(hasRoom: hasRoom, isThere: messages.isThere)
        try deduplication.load(now: lastCommitAt)
    }

    private func load() throws(SQLiteError) {
        let all = try queueTable.all()
        records = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
        recordsByNumber = Dictionary(all.map { ($0.number, $0) }) { first, _ in first }
        guard records.count == all.count, recordsByNumber.count == all.count else {
            throw .corrupt("two queues have one name or number")
        }
        names = records.keys.sorted()
        deadLetterSources.forget()
        retiredNumbers = try queueTable.retiredNumbers()
        nextQueueNumber = try meta.integer("next_queue_number") ?? 1
        guard let last = (all.map(\.number) + retiredNumbers + [0]).max(), last < nextQueueNumber,
            retiredNumbers.allSatisfy({ $0 > 0 && $0 <= MessageKey.numberMax })
        else { throw .corrupt("a queue number that is in use would be given out next") }
        parkedKeys = try parked.keys()
        parkedNow = []
        hasWritten = false
        unwritten = []
        touched = []
        deleted = []
    }

    // MARK: A batch

    /// Starts a batch; the moment never goes back.
    func begin(now moment: Timestamp, scope: BatchScope) throws(SQLiteError) {
        now = max(moment, now)
        self.scope = scope
        receiveBudget = ReceiveBudget()
        moveStepsLeft = QueueDatabase.moveStepsMax
        try beginStatement.run()
    }

    /// Carries one command out, inside a batch.
    func execute(_ command: Command) throws(SQLiteError) -> Execution {
        switch command {
        case .createQueue(let command): .done(try createQueue(command))
        case .deleteQueue(let queue): .done(try deleteQueue(queue))
        case .purgeQueue(let command): .done(try purgeQueue(command))
        case .setQueueAttributes(let command): .done(try setQueueAttributes(command))
        case .describeQueue(let command): try describeQueue(command)
        case .listQueues(let command): .done(.success(.listedQueues(listQueues(command))))
        case .sendMessages(let command): .done(try sendMessages(command))
        case .receiveMessages(let command): try receiveMessages(command)
        case .deleteMessages(let command): .done(try deleteMessages(command))
        case .changeMessageVisibility(let command): .done(try changeMessageVisibility(command))
        case .tagQueue(let command): .done(try tagQueue(command))
        case .untagQueue(let command): .done(try untagQueue(command))
        case .addPermission(let command): .done(try addPermission(command))
        case .removePermission(let command): .done(try removePermission(command))
        case .listDeadLetterSourceQueues(let command): .done(listDeadLetterSourceQueues(command))
        case .startMessageMoveTask(let command): .done(try startMessageMoveTask(command))
        case .listMessageMoveTasks(let command): .done(try listMessageMoveTasks(command))
        case .cancelMessageMoveTask(let command): .done(try cancelMessageMoveTask(command))
        case .moveMessages(let command): try moveMessages(command)
        case .parkMessages(let command): .done(try parkMessages(command))
        case .sweep(let command): .done(.success(.swept(hasMore: try sweep(command))))
        case .leaseChore(let command): .done(.success(.leasedChore(leaseChore(command))))
        case .probe: .done(probe())
        }
    }

    /// Makes the batch durable, if it wrote anything: states that only moved on in memory are no reason for a commit.
    ///
    /// - Returns: what became available, for the hints.
    func commit() throws(SQLiteError) -> [Availability] {
        precondition(!messages.isInGroup, "messages of a group are read that were not ended")
        if hasWritten {
            try deduplication.writeRow()
            try groupIndex.write(hasRoom: scope == .all)
            try writeStates()
        }
        try commitStatement.run()
        groupIndex.keep()
        if hasWritten {
            for record in unwritten {
                record.isStateUnwritten = false
            }
            unwritten.removeAll(keepingCapacity: true)
            lastCommitAt = now
            hasWritten = false
        }
        return takeAvailability()
    }

    /// Writes the states that changed, and with them or else by itself the moment of this commit: the next start must
    /// not lie before it.
    private func writeStates() throws(SQLiteError) {
        var isMomentWritten = false
        for record in unwritten where records[record.name] === record {
            try queueTable.writeState(record, now: now)
            isMomentWritten = true
        }
        if !isMomentWritten {
            try meta.set("written_at", to: now.milliseconds)
        }
    }

    /// Whether the batch under way has changed something.
    var hasChanges: Bool {
        hasWritten
    }

    /// Pages of the file that hold nothing and are used before the file grows.
    func freePageCount() throws(SQLiteError) -> Int64 {
        defer { freePageCountStatement.reset() }
        return try freePageCountStatement.step() ? freePageCountStatement.integer(0) : 0
    }

    /// Undoes the batch, here and in the database.
    func rollBack() throws(SQLiteError) {
        if connection.isInTransaction {
            try connection.execute("rollback")
        }
        deduplication.forgetUnwritten()
        groupIndex.undo()
        try load()
    }

    private func takeAvailability() -> [Availability] {
        guard !touched.isEmpty || !deleted.isEmpty else { return [] }
        var hints = deleted.map {
            Availability(queue: $0, availableNow: 0, nextAvailableAt: nil, now: now, isQueueDeleted: true)
        }
        for record in touched {
            if record.availableNow > 0 || record.nextAvailableAt != nil {
                hints.append(
                    Availability(
                        queue: record.name,
                        availableNow: record.availableNow,
                        nextAvailableAt: record.nextAvailableAt,
                        now: now
                    )
                )
            }
            record.isTouched = false
            record.availableNow = 0
            record.nextAvailableAt = nil
        }
        touched.removeAll(keepingCapacity: true)
        deleted.removeAll(keepingCapacity: true)
        return hints
    }

    // MARK: What the operations use

    /// To be called by whatever writes a row.
    func noteWrite() {
        hasWritten = true
    }

    /// To be called by whatever changes a record's state; it is written with the next commit.
    func noteState(of record: QueueRecord) {
        guard !record.isStateUnwritten else { return }
        record.isStateUnwritten = true
        unwritten.append(record)
    }

    /// To be called when a message of a queue is hidden until a moment, which may be now.
    func noteAvailable(in record: QueueRecord, at moment: Timestamp) {
        if !record.isTouched {
            record.isTouched = true
            touched.append(record)
        }
        if moment <= now {
            record.availableNow += 1
        } else if record.nextAvailableAt.map({ moment < $0 }) ?? true {
            record.nextAvailableAt = moment
        }
    }

    /// Gives out a queue number that was never used, or nothing once all eight million are.
    func takeQueueNumber() throws(SQLiteError) -> Int64? {
        let number = nextQueueNumber
        guard number <= MessageKey.numberMax else { return nil }
        nextQueueNumber += 1
        try meta.set("next_queue_number", to: nextQueueNumber)
        noteWrite()
        return number
    }

    static let noQueueNumber = StoreError.unavailable("All queue numbers of this data directory have been used.")

    func add(_ record: QueueRecord) {
        records[record.name] = record
        recordsByNumber[record.number] = record
        names.insert(record.name, at: names.partitioningIndex { $0 >= record.name })
        forgetDeadLetterSources(with: record)
        noteState(of: record)
    }

    func remove(_ record: QueueRecord) {
        records[record.name] = nil
        recordsByNumber[record.number] = nil
        names.remove(at: names.partitioningIndex { $0 >= record.name })
        forgetDeadLetterSources(with: record)
        deleted.append(record.name)
    }

    private func forgetDeadLetterSources(with record: QueueRecord) {
        if record.attributes.redrivePolicy != nil {
            deadLetterSources.forget()
        }
    }

    func renumber(_ record: QueueRecord, to number: Int64) {
        recordsByNumber[record.number] = nil
        record.empty(number: number, now: now)
        recordsByNumber[number] = record
        noteState(of: record)
    }

    /// Where a receipt leads: to a message of this queue, to another queue, or to a number that is out of use.
    enum ReceiptTarget {
        case message(MessageKey)
        case otherQueue
        case retired
    }

    func target(of receipt: Receipt, in record: QueueRecord) -> ReceiptTarget {
        let key = MessageKey(rawValue: Int64(bitPattern: receipt.locator))
        if key.number == record.number { return .message(key) }
        return recordsByNumber[key.number] == nil ? .retired : .otherQueue
    }

    /// Takes leases that have ended since the last time out of the counts, each once.
    ///
    /// - Returns: whether that is done; if not, it goes on in the next batch.
    func advanceCounts(of record: QueueRecord) throws(SQLiteError) -> Bool {
        guard record.countedUntil < now else { return true }
        var until = now
        if record.inFlightCount > 0 || record.delayedCount > 0 {
            until = try leases.endOfCount(number: record.number, after: record.countedUntil, until: now)
            let ended = try leases.countEnded(number: record.number, after: record.countedUntil, until: until)
            record.inFlightCount -= ended.received
            record.delayedCount -= ended.delayed
            guard record.inFlightCount >= 0, record.delayedCount >= 0 else {
                throw record.contradiction("more leases ended than were counted")
            }
        }
        record.countedUntil = until
        noteState(of: record)
        return until == now
    }

    // MARK: Chores

    /// One process has the database, so who does a chore need not be on disk.
    private func leaseChore(_ command: LeaseChoreCommand) -> Bool {
        if let lease = chores[command.chore], lease.holder != command.holder, lease.until > now { return false }
        chores[command.chore] = (command.holder, now.adding(seconds: command.seconds))
        return true
    }

    private func probe() -> Result<Outcome, StoreError> {
        if lastCommitAt.adding(seconds: 1) <= now {
            // The commit writes its moment at least.
            noteWrite()
        }
        return .success(.probed)
    }
}
