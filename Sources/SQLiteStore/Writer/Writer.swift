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
    private let room: @Sendable () -> FreeSpace.Room?
    private let onFailure: @Sendable (any Error) -> Void
    /// In a struct, since a bare closure behind a generic lock gains a thunk with every look at it.
    private struct Listener {
        var hear: @Sendable (Availability) -> Void = { _ in }
    }

    private let listener = Mutex(Listener())

    /// Receives that used up their share of a batch; they come first in the next one.
    private var unfinished: [Inbox.Job] = []

    /// Whether sends are refused because the disk is nearly full.
    private var isRoomShort = false

    private let counters = Mutex(SQLiteStoreCounters())

    init(
        inbox: Inbox,
        database: QueueDatabase,
        clock: any StoreClock,
        configuration: SQLiteStoreConfiguration,
        room: @escaping @Sendable () -> FreeSpace.Room?,
        logger: Logger,
        onFailure: @escaping @Sendable (any Error) -> Void
    ) {
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
        let pages = isRoomShort ? DatabaseSettings.checkpointPagesWhenShort : DatabaseSettings.checkpointPages
        guard database.connection.walPageCount >= pages else { return }
        do throws(SQLiteError) {
            try database.connection.checkpoint(.passive)
        } catch {
            // All is in the log still; the next batch tries again, and takes no sends until there is room.
            guard error.isFull else { throw error }
            noteRoom(isShort: true)
            return
        }
        counters.withLock { $0.checkpoints += 1 }
    }

    /// Whether there is too little room to take sends: what the log holds must fit into the database, and receives and
    /// deletes must go on.
    private func checkRoom() {
        guard let room = room() else { return }
        let logSizeBytes = Int64(database.connection.walPageCount) * 4_096
        noteRoom(isShort: room.freeSizeBytes < logSizeBytes + room.reservedSizeBytes)
    }

    private func noteRoom(isShort: Bool) {
        guard isShort != isRoomShort else { return }
        isRoomShort = isShort
        if isShort {
            logger.error("room on the disk is short: sends are refused until there is more")
        } else {
            logger.notice("there is room on the disk again: sends are taken")
        }
    }

    /// Checkpoints and closes the database, after `run` has ended without a failure.
    func closeDatabase() {
        do {
            try database.connection.checkpoint(.truncate)
            try database.connection.close()
            logger.info("closed the store")
        } catch {
            // All commits are in the log, which the next start recovers.
            logger.error("the store was not closed cleanly", metadata: ["error": "\(error)"])
            onFailure(error)
        }
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

    /// Runs a batch; while room is short without its sends, and so again if it turns out to be.
    private func carryOut(_ jobs: [Inbox.Job]) throws(SQLiteError) {
        checkRoom()
        do throws(SQLiteError) {
            try carryOut(jobs, includingSends: !isRoomShort)
        } catch {
            guard error.isFull else { throw error }
            noteRoom(isShort: true)
            try database.rollBack()
            do throws(SQLiteError) {
                try carryOut(jobs, includingSends: false)
            } catch {
                guard error.isFull else { throw error }
                try database.rollBack()
                for job in jobs {
                    switch job {
                    case .submission(let submission): submission.completion(.failure(Writer.noRoom))
                    case .inspection(let look): look(database)
                    }
                }
            }
        }
    }

    private func carryOut(
        _ jobs: [Inbox.Job],
        includingSends: Bool
    ) throws(SQLiteError) {
        var results: [Result<Outcome, StoreError>?] = []
        results.reserveCapacity(jobs.count)
        var inspections: [@Sendable (QueueDatabase?) -> Void] = []
        try database.begin(now: clock.now())
        for job in jobs {
            switch job {
            case .inspection(let look):
                inspections.append(look)
                results.append(nil)
            case .submission(let submission):
                results.append(try execute(submission, includingSends: includingSends))
            }
        }
        let hasChanges = database.hasChanges
        let hints = try database.commit()
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
            look(database)
        }
    }

    /// Names what the batch has parked, once it is on disk; never a body.
    private func tellParked() {
        guard !database.parkedNow.isEmpty else { return }
        counters.withLock { $0.parkedMessages += database.parkedNow.count }
        for message in database.parkedNow {
            logger.critical(
                "a stored message does not match its digest: it was parked and is not handed out",
                metadata: ["queue": "\(message.queue.text)", "key": "\(message.key.rawValue)"]
            )
        }
        database.parkedNow = []
    }

    private static let noRoom = StoreError.unavailable("There is no room on the disk.")

    /// Nothing if the command goes on in the next batch.
    private func execute(
        _ submission: Submission,
        includingSends: Bool
    ) throws(SQLiteError) -> Result<Outcome, StoreError>? {
        if !includingSends, submission.command.takesRoom { return .failure(Writer.noRoom) }
        if let isAbandoned = submission.isAbandoned, isAbandoned() { return .failure(.abandoned) }
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

extension Command {
    /// Whether it mostly writes new messages, which a nearly full disk has no room for.
    fileprivate var takesRoom: Bool {
        switch self {
        case .sendMessages, .moveMessages: true
        default: false
        }
    }
}
