import Logging
import QueueModel
import SQLite
import Synchronization

/// The one thread that reads, writes and checkpoints the database.
///
/// It takes all that waits, carries it out in one transaction and then answers everybody; while it syncs, the next
/// batch gathers. So groups form by themselves, and no timer delays a commit.
final class Writer: @unchecked Sendable {
    private let inbox: Inbox
    private let database: QueueDatabase
    private let clock: any StoreClock
    private let configuration: SQLiteStoreConfiguration
    private let logger: Logger
    private let onFailure: @Sendable (any Error) -> Void
    /// In a struct, since a bare closure behind a generic lock gains a thunk with every look at it.
    private struct Listener {
        var hear: @Sendable (Availability) -> Void = { _ in }
    }

    private let listener = Mutex(Listener())

    /// Receives that used up their share of a batch; they come first in the next one.
    private var unfinished: [Inbox.Job] = []

    private var room: DiskRoom

    /// Whether the log may hold frames of a transaction that was not finished: the last process may have left some.
    private var mayHaveLeftoverFrames = true

    private let counters = Mutex(SQLiteStoreCounters())

    /// How long each kind of step takes.
    let timer: StepTimer

    init(
        inbox: Inbox,
        database: QueueDatabase,
        clock: any StoreClock,
        configuration: SQLiteStoreConfiguration,
        room: DiskRoom,
        logger: Logger,
        onFailure: @escaping @Sendable (any Error) -> Void
    ) {
        timer = StepTimer(monotonicNanoseconds: configuration.machineClocks.monotonicNanoseconds)
        self.room = room
        self.inbox = inbox
        self.database = database
        self.clock = clock
        self.configuration = configuration
        self.logger = logger
        self.onFailure = onFailure
    }

    func setAvailabilityListener(_ listener: @escaping @Sendable (Availability) -> Void) {
        self.listener.withLock { $0.hear = listener }
    }

    /// What the writer has done since it started.
    var counts: SQLiteStoreCounters {
        counters.withLock { $0 }
    }

    /// Works until the inbox is closed and empty, or until the database fails.
    ///
    /// - Returns: whether it ended without a failure.
    func run() -> Bool {
        while let jobs = nextBatch() {
            do {
                try carryOut(jobs)
            } catch {
                fail(error, unanswered: jobs)
                return false
            }
            do {
                try checkpointIfDue()
            } catch {
                fail(error, unanswered: unfinished)
                return false
            }
        }
        return true
    }

    private func checkpointIfDue() throws(SQLiteError) {
        let pages = database.connection.walPageCount
        // What is cut off goes back with the checkpoint: at once where room is short, and else before it is so much
        // that the file system takes long for it.
        let cutMax = room.state == .plenty ? DatabaseSettings.pagesCutPerCheckpoint : 1
        let isGivingRoom = database.pagesCut >= cutMax && pages > 0
        guard pages >= room.checkpointPages(usually: configuration.checkpointPages) || isGivingRoom else { return }
        configuration.failPoint?(.beforeCheckpoint)
        if try !checkpoint() {
            try makeRoom()
        }
    }

    /// Copies the log into the database.
    ///
    /// - Returns: whether there was room to; if not, all is in the log still, and the next batch tries again.
    private func checkpoint(_ mode: Connection.CheckpointMode = .passive) throws(SQLiteError) -> Bool {
        let start = timer.start()
        defer { timer.end(.checkpoint, since: start) }
        do throws(SQLiteError) {
            try database.connection.checkpoint(mode)
        } catch {
            guard error.isFull else { throw error }
            return false
        }
        database.pagesCut = 0
        counters.withLock { $0.checkpoints += 1 }
        return true
    }

    /// After a write has found none: gives up the ballast and copies the log into the database, so that the next
    /// commits are written over it.
    private func makeRoom() throws(SQLiteError) {
        room.noteFull()
        if database.connection.walPageCount > 0 {
            _ = try checkpoint()
        }
    }

    /// Checkpoints and closes the database, after `run` has ended without a failure.
    func closeDatabase() {
        configuration.failPoint?(.beforeCheckpoint)
        do {
            try eraseLeftoverFramesIfPossible()
            let isTruncated = room.state == .plenty ? try checkpoint(.truncate) : false
            let isCheckpointed = isTruncated ? true : try checkpointWithoutRoom()
            try database.connection.close()
            if isTruncated {
                room.keepForNextStart()
            }
            logger.debug("the longest steps of the writer", metadata: timer.metadata)
            if isCheckpointed {
                logger.info("closed the store")
            } else {
                logger.warning("the disk is full: all commits are in the log, and the next start goes on with it")
            }
        } catch {
            // All commits are in the log, which the next start recovers.
            database.connection.neverCheckpointOnClose()
            logger.error("the store was not closed cleanly", metadata: ["error": "\(error)"])
            onFailure(error)
        }
    }

    /// Leaves the log's file where it is, for the next start to write in: its room might be gone by then.
    private func checkpointWithoutRoom() throws(SQLiteError) -> Bool {
        try database.connection.keepLog()
        if try checkpoint() { return true }
        room.noteFull()
        return try checkpoint()
    }

    private func nextBatch() -> [Inbox.Job]? {
        let first = unfinished
        unfinished = []
        let jobs = inbox.take(
            commandsMax: configuration.batchCommandsMax,
            sizeBytesMax: configuration.batchSizeBytesMax,
            isWaiting: first.isEmpty
        )
        guard let jobs else { return nil }
        return first.isEmpty ? jobs : first + jobs
    }

    /// Runs a batch; what it finds no room for is left out, and what then is left is run again.
    private func carryOut(_ jobs: [Inbox.Job]) throws(SQLiteError) {
        try room.check(logPageCount: Int64(database.connection.walPageCount), freePageCount: database.freePageCount)
        var scope: BatchScope? =
            switch room.state {
            case .plenty: .all
            case .short: .withoutSends
            case .none: .withoutMoves
            }
        while let present = scope {
            do throws(SQLiteError) {
                return try carryOut(jobs, present)
            } catch {
                guard error.isFull else { throw error }
                try undo()
                if hasRoomAfterAll, try carryOutAgain(jobs, present) { return }
                scope = present.narrower
            }
        }
        try eraseLeftoverFramesIfPossible()
        for job in jobs {
            switch job {
            case .submission(let submission): submission.completion(.failure(Writer.noRoom))
            case .inspection(let look): look(database)
            }
        }
    }

    /// Takes a batch back that found no room.
    private func undo() throws(SQLiteError) {
        mayHaveLeftoverFrames = true
        try database.rollBack()
        try makeRoom()
    }

    /// Sees to it that no transaction is written over a part of another.
    ///
    /// On a disk so full that not even that is possible it fails, and no transaction begins. Where a commit itself was
    /// damaged the store stops, and the next start names it.
    private func eraseLeftoverFrames() throws(SQLiteError) {
        guard mayHaveLeftoverFrames else { return }
        try LeftoverFrames.erase(from: database.connection)
        mayHaveLeftoverFrames = false
    }

    /// The same before a refusal and at a stop, so that nothing that was refused comes back with the next start; on a
    /// disk that takes not even that it is tried again before the next transaction, and a kill before it could bring it
    /// back.
    private func eraseLeftoverFramesIfPossible() throws(SQLiteError) {
        do throws(SQLiteError) {
            try eraseLeftoverFrames()
        } catch {
            guard error.isFull else { throw error }
        }
    }

    /// Whether the disk itself has room though no write finds any.
    ///
    /// A bound on the database's pages, and a disk that a test makes full, say nothing of damage.
    private var hasRoomAfterAll: Bool {
        guard configuration.databasePagesMax == nil, configuration.vfsName == nil else { return false }
        return room.isPlentyAfterAll(logPageCount: Int64(database.connection.walPageCount))
    }

    /// Tries a batch once more that found no room, since there is room now.
    ///
    /// SQLite also takes the disk for full where a damaged page names one that the largest file could not have.
    ///
    /// - Returns: whether there was room; if not, the disk was filled anew.
    private func carryOutAgain(_ jobs: [Inbox.Job], _ scope: BatchScope) throws(SQLiteError) -> Bool {
        do throws(SQLiteError) {
            try carryOut(jobs, scope)
            return true
        } catch {
            guard error.isFull else { throw error }
            guard hasRoomAfterAll else {
                try undo()
                return false
            }
            throw .corrupt("SQLite takes the disk for full, which has room; a page may name one that can't be")
        }
    }

    private func carryOut(_ jobs: [Inbox.Job], _ scope: BatchScope) throws(SQLiteError) {
        try eraseLeftoverFrames()
        var results: [Result<Outcome, StoreError>?] = []
        results.reserveCapacity(jobs.count)
        var inspections: [@Sendable (QueueDatabase?) -> Void] = []
        let failPoint = configuration.failPoint
        failPoint?(.beforeBegin)
        let start = timer.start()
        try database.begin(now: clock.now(), scope: scope)
        for job in jobs {
            switch job {
            case .inspection(let look):
                inspections.append(look)
                results.append(nil)
            case .submission(let submission):
                results.append(try execute(submission, scope))
            }
            failPoint?(.inBatch)
        }
        let hasChanges = database.hasChanges
        timer.end(.batch, since: start)
        failPoint?(.beforeCommit)
        let hints = try commit()
        failPoint?(.afterCommit)
        counters.withLock {
            $0.batches += 1
            $0.commits += hasChanges ? 1 : 0
            $0.commands += jobs.count
        }
        tellParked()
        for (job, result) in zip(jobs, results) {
            guard case .submission(let submission) = job else { continue }
            if let result {
                submission.completion(result)
            } else {
                unfinished.append(job)
            }
        }
        if !hints.isEmpty {
            let listener = listener.withLock { $0 }
            for hint in hints {
                listener.hear(hint)
            }
        }
        for look in inspections {
            let start = timer.start()
            look(database)
            timer.end(.inspection, since: start)
        }
    }

    private func commit() throws(SQLiteError) -> [Availability] {
        guard database.hasChanges else { return try database.commit() }
        let start = timer.start()
        defer { timer.end(.commit, since: start) }
        return try database.commit()
    }

    /// Names what the batch has parked, once it is on disk; never a body.
    private func tellParked() {
        guard !database.parkedNow.isEmpty else { return }
        counters.withLock { $0.parkedMessages += database.parkedNow.count }
        for message in database.parkedNow {
            logger.critical(
                "a stored message does not match its digest: it was parked and is not handed out",
                metadata: [
                    "queue": "\(message.queue.text)", "key": "\(message.key.rawValue)",
                    "parked": "\(database.parkedKeys.count)",
                ]
            )
        }
        database.parkedNow = []
    }

    private static let noRoom = StoreError.unavailable("There is no room on the disk.")

    /// Nothing if the command goes on in the next batch.
    private func execute(
        _ submission: Submission,
        _ scope: BatchScope
    ) throws(SQLiteError) -> Result<Outcome, StoreError>? {
        guard scope.includes(submission.command) else { return .failure(Writer.noRoom) }
        if let isAbandoned = submission.isAbandoned, isAbandoned() { return .failure(.abandoned) }
        let step = WriterStep(submission.command)
        let start = step == nil ? 0 : timer.start()
        defer {
            if let step { timer.end(step, since: start) }
        }
        switch try database.execute(submission.command) {
        case .done(let result): return result
        case .unfinished: return nil
        }
    }

    /// A failed write or sync may have left anything on disk: nothing is tried again, the next start reads what is
    /// there.
    ///
    /// Whether a command of this batch happened is not known.
    private func fail(_ error: any Error, unanswered jobs: [Inbox.Job]) {
        logger.critical("the database failed, the store stops", metadata: ["error": "\(error)"])
        database.connection.neverCheckpointOnClose()
        inbox.close()
        var waiting = jobs
        while let more = inbox.take(commandsMax: .max, sizeBytesMax: .max) {
            waiting += more
        }
        for job in waiting {
            switch job {
            case .submission(let submission): submission.completion(.failure(.failed))
            case .inspection(let look): look(nil)
            }
        }
        onFailure(error)
    }
}
