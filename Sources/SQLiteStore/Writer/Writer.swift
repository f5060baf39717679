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

    /// A receive that used up its share of a batch, and all behind it, for commands keep their order.
    private var unfinished: [Inbox.Job] = []

    private let counters = Mutex(SQLiteStoreCounters())

    init(
        inbox: Inbox,
        database: QueueDatabase,
        clock: any StoreClock,
        configuration: SQLiteStoreConfiguration,
        logger: Logger,
        onFailure: @escaping @Sendable (any Error) -> Void
    ) {
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
                if database.connection.walPageCount >= DatabaseSettings.checkpointPages {
                    try database.connection.checkpoint(.passive)
                    counters.withLock { $0.checkpoints += 1 }
                }
            } catch {
                fail(error, jobs)
                return false
            }
        }
        return true
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
        }
    }

    private func nextBatch() -> [Inbox.Job]? {
        guard unfinished.isEmpty else {
            defer { unfinished = [] }
            return unfinished
        }
        return inbox.take(
            commandsMax: configuration.batchCommandsMax,
            sizeBytesMax: configuration.batchSizeBytesMax
        )
    }

    /// Runs a batch.
    ///
    /// If the disk has no room for it, runs it again without its sends.
    private func carryOut(_ jobs: [Inbox.Job]) throws(SQLiteError) {
        do throws(SQLiteError) {
            try carryOut(jobs) { _ in true }
        } catch {
            guard error.isFull else { throw error }
            logger.error("no room on disk: sends are refused", metadata: ["error": "\(error)"])
            try database.rollBack()
            do throws(SQLiteError) {
                try carryOut(jobs) { command in
                    if case .sendMessages = command { false } else { true }
                }
            } catch {
                guard error.isFull else { throw error }
                try database.rollBack()
                for case .submission(let submission) in jobs {
                    submission.completion(.failure(.unavailable("There is no room on the disk.")))
                }
            }
        }
    }

    private func carryOut(
        _ jobs: [Inbox.Job],
        unless isAllowed: (Command) -> Bool
    ) throws(SQLiteError) {
        var results: [Result<Outcome, StoreError>?] = []
        results.reserveCapacity(jobs.count)
        var inspections: [@Sendable (QueueDatabase?) -> Void] = []
        try database.begin(now: clock.now())
        batch: for job in jobs {
            switch job {
            case .inspection(let look):
                inspections.append(look)
                results.append(nil)
            case .submission(let submission):
                let result = try execute(submission, isAllowed: isAllowed(submission.command))
                guard let result else { break batch }
                results.append(result)
            }
        }
        let hasChanges = database.hasChanges
        let hints = try database.commit()
        counters.withLock {
            $0.batches += 1
            $0.commits += hasChanges ? 1 : 0
            $0.commands += results.count
        }
        unfinished = Array(jobs[results.count...])
        for (job, result) in zip(jobs, results) {
            guard case .submission(let submission) = job, let result else { continue }
            submission.completion(result)
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

    /// Nothing if the command goes on in the next batch.
    private func execute(
        _ submission: Submission,
        isAllowed: Bool
    ) throws(SQLiteError) -> Result<Outcome, StoreError>? {
        guard isAllowed else { return .failure(.unavailable("There is no room on the disk.")) }
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
    private func fail(_ error: any Error, _ jobs: [Inbox.Job]) {
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
