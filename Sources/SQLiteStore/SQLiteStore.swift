import Foundation
public import Logging
public import QueueModel
import SQLite
import Synchronization

/// A message store on one SQLite file: one process, one connection, one thread.
///
/// SQLite before 3.51.3 can corrupt a WAL database when a second connection writes or checkpoints, so the data
/// directory is locked for as long as the store is open, and nothing else may open the file.
public final class SQLiteStore: InspectableStore {
    /// The version of the SQLite library that runs.
    public static var sqliteVersion: String {
        Connection.libraryVersion
    }

    /// Whether that version can corrupt a database that a second connection opens (fixed in 3.51.3).
    public static var isSQLiteUnsafeWithSecondConnection: Bool {
        Connection.libraryVersionNumber < 3_051_003
    }

    /// What turns this store's receipts into receipt handles; its key was made with the database.
    public let receiptSeal: ReceiptSeal

    /// What the store takes for the present moment.
    package let clock: any StoreClock

    let directory: String
    let backupSlot = BackupSlot()
    private let inbox: Inbox
    private let writer: Writer
    private let ended = DispatchSemaphore(value: 0)
    private let isClosed = Mutex(false)

    /// Opens the store in a directory, which is made if it is missing, and recovers it after an unclean stop.
    ///
    /// - Parameters:
    ///   - directory: the data directory.
    ///   - clock: the time, or nothing for the machine's, made steady.
    ///   - configuration: limits.
    ///   - logger: where starts, recoveries and failures are told.
    ///   - onFailure: called once, from the writer's thread, if the disk fails; the store takes no more commands then,
    ///     and the process should end.
    /// - Throws: `SQLiteStoreError`, or `SQLiteError` if the database can't be read.
    public init(
        directory: String,
        clock: (any StoreClock)? = nil,
        configuration: SQLiteStoreConfiguration = SQLiteStoreConfiguration(),
        logger: Logger,
        onFailure: @escaping @Sendable (any Error) -> Void
    ) throws {
        let files = try DataDirectory(path: directory)
        if let system = FileSystem(path: directory), system.fitness == .refused {
            throw SQLiteStoreError.directoryUnusable(
                directory,
                reason: "it lies on \(system.name), a network file system, whose locks and syncs can't be relied on"
            )
        }
        let lock = try DirectoryLock(directory: directory)
        let database: QueueDatabase
        let receiptKey: [UInt8]
        do {
            (database, receiptKey) = try SQLiteStore.open(files, clock: clock, configuration, logger)
        } catch {
            lock.release()
            throw error
        }
        self.directory = directory
        receiptSeal = ReceiptSeal(key: receiptKey)
        inbox = Inbox(waitingSizeBytesMax: configuration.waitingSizeBytesMax)
        let steadyClock =
            clock
            ?? SteadyClock(lastWritten: database.lastCommitAt, clocks: configuration.machineClocks, logger: logger)
        self.clock = steadyClock
        let space = FreeSpace(path: directory)
        writer = Writer(
            inbox: inbox,
            database: database,
            clock: steadyClock,
            configuration: configuration,
            room: DiskRoom(
                ballast: Ballast(
                    path: files.ballastPath,
                    logPath: files.logPath,
                    sizeBytes: configuration.hasBallast ? space.ballastSizeBytes : 0
                ),
                logger: logger,
                look: configuration.room ?? space.room
            ),
            logger: logger,
            onFailure: { error in
                SQLiteStore.noteDamage(error, in: files, logger)
                onFailure(error)
            }
        )
        let thread = Thread { [writer, ended] in
            // After a failure nothing is synced or checkpointed again, and the lock is kept until the process ends.
            if writer.run() {
                writer.closeDatabase()
                lock.release()
            }
            ended.signal()
        }
        thread.name = "holdfast-writer"
        thread.start()
    }

    /// Stops: a backup is cancelled, what waits is carried out and answered, the write-ahead log is checkpointed, the
    /// lock given back.
    public func close() {
        let isFirst = isClosed.withLock { isClosed in
            defer { isClosed = true }
            return !isClosed
        }
        guard isFirst else { return }
        backupSlot.close()
        inbox.close()
        ended.wait()
    }

    /// Hands one command over; refused at once if the store is stopping or too much is waiting.
    public func submit(_ submission: Submission) {
        let refusal = inbox.put(CollectionOfOne(.submission(submission)))
        if let refusal {
            refuse(submission, refusal)
        }
    }

    /// Hands commands over in order, all or none.
    public func submit(_ submissions: [Submission]) {
        let refusal = inbox.put(submissions.map { .submission($0) })
        if let refusal {
            for submission in submissions {
                refuse(submission, refusal)
            }
        }
    }

    /// Sets who hears of messages that become available.
    public func setAvailabilityListener(_ listener: @escaping @Sendable (Availability) -> Void) {
        writer.setAvailabilityListener(listener)
    }

    /// What the writer has done since the store was opened.
    public var counters: SQLiteStoreCounters {
        writer.counts
    }

    /// How long the writer's steps took, by their kind, since the store was opened or this was last asked so that it
    /// starts anew.
    public func stepTimes(isStartingAnew: Bool = false) -> [WriterStep: WriterStepTimes] {
        writer.timer.times(isStartingAnew: isStartingAnew)
    }

    /// What the store holds after all that was submitted before.
    public func snapshot() throws -> StoreSnapshot {
        try inspect { [clock] database throws(SQLiteError) in try database.snapshot(now: clock.now()) }
    }

    /// Groups of FIFO queues with messages for which there is memory of their ends; 0 if it is no more than at first.
    package func grownGroupCapacity() throws -> Int {
        try inspect { database throws(SQLiteError) in database.groupIndex.cache.grownCapacity ?? 0 }
    }

    /// Groups of FIFO queues with messages whose ends are known.
    package func knownGroupCount() throws -> Int {
        try inspect { database throws(SQLiteError) in
            var count = 0
            database.groupIndex.cache.walk { _, ends in count += ends.isEmpty ? 0 : 1 }
            return count
        }
    }

    /// Runs a look at the database on the writer's thread, after all that was submitted before.
    func inspect<Value: Sendable>(
        _ look: @escaping @Sendable (QueueDatabase) throws(SQLiteError) -> Value
    ) throws -> Value {
        let answer = Answer<Value>()
        let job = Inbox.Job.inspection { database in
            answer.give(Result { try look(database ?? { throw StoreError.failed }()) })
        }
        guard inbox.put(CollectionOfOne(job)) == nil else { throw StoreError.unavailable("The store is closed.") }
        return try answer.wait()
    }

    private func refuse(_ submission: Submission, _ refusal: Inbox.Refusal) {
        switch refusal {
        case .closed: submission.completion(.failure(.unavailable("The broker is stopping.")))
        case .tooMuchWaiting: submission.completion(.failure(.unavailable("Too much is waiting to be written.")))
        }
    }
}

/// A value that one thread waits for and another gives.
private final class Answer<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let isGiven = DispatchSemaphore(value: 0)

    func give(_ value: Result<Value, any Error>) {
        result.withLock { $0 = value }
        isGiven.signal()
    }

    func wait() throws -> Value {
        isGiven.wait()
        guard let value = result.withLock({ $0 }) else { preconditionFailure("signalled without a value") }
        return try value.get()
    }
}
