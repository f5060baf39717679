import Logging
import QueueModel
import Synchronization

/// Has the store remove, once a second and in small steps, what expired and what purges and deletions left.
///
/// The store leases the chore to one broker at a time.
final class Sweeper: Sendable {
    static let chore = "sweep"
    static let pauseMilliseconds: Int64 = 1_000
    static let leaseSeconds = 30
    /// The lease is renewed early enough for rounds that come late.
    static let roundsPerLease = 10

    private struct State {
        /// Counts starts and stops: what an earlier run still hears of is not its business any more.
        var run = 0
        var isRunning = false
        var roundsLeft = 0
        var timer: (any TimerHandle)?
        var hasFailed = false
    }

    private let store: any MessageStore
    private let timers: any Timers
    private let logger: Logger
    private let holder: String
    private let state = Mutex(State())

    init(store: any MessageStore, timers: any Timers, logger: Logger) {
        self.store = store
        self.timers = timers
        self.logger = logger
        var generator = SystemRandomNumberGenerator()
        holder = MessageID.random(using: &generator).text
    }

    func start() {
        let run: Int? = state.withLock { state in
            guard !state.isRunning else { return nil }
            state.isRunning = true
            state.run += 1
            state.roundsLeft = 0
            return state.run
        }
        if let run { beginRound(of: run) }
    }

    func stop() {
        state.withLock { state in
            state.isRunning = false
            state.run += 1
            state.timer?.cancel()
            state.timer = nil
        }
    }

    private func beginRound(of run: Int) {
        let isLeased: Bool? = state.withLock { state in
            guard state.run == run else { return nil }
            state.timer = nil
            state.roundsLeft -= 1
            return state.roundsLeft >= 0
        }
        switch isLeased {
        case true: sweep(in: run)
        case false: lease(for: run)
        case nil: break
        }
    }

    private func lease(for run: Int) {
        let command = LeaseChoreCommand(chore: Sweeper.chore, holder: holder, seconds: Sweeper.leaseSeconds)
        store.submit(
            Submission(.leaseChore(command)) { [self] result in
                switch result {
                case .success(.leasedChore(true)):
                    state.withLock { $0.roundsLeft = Sweeper.roundsPerLease - 1 }
                    sweep(in: run)
                case .success(.leasedChore(false)):
                    pause(in: run)
                case .success(let outcome):
                    outcome.isNoOutcome(of: "LeaseChore")
                case .failure(let error):
                    fail(with: error, in: run)
                }
            }
        )
    }

    private func sweep(in run: Int) {
        guard state.withLock({ $0.run == run }) else { return }
        store.submit(
            Submission(.sweep(SweepCommand())) { [self] result in
                switch result {
                case .success(.swept(let hasMore)):
                    state.withLock { $0.hasFailed = false }
                    if hasMore { sweep(in: run) } else { pause(in: run) }
                case .success(let outcome):
                    outcome.isNoOutcome(of: "Sweep")
                case .failure(let error):
                    fail(with: error, in: run)
                }
            }
        )
    }

    private func fail(with error: StoreError, in run: Int) {
        let isFirst = state.withLock { state in
            defer { state.hasFailed = true }
            return !state.hasFailed
        }
        if isFirst {
            logger.warning("The store refuses to sweep; trying again every second", metadata: ["error": "\(error)"])
        }
        pause(in: run)
    }

    private func pause(in run: Int) {
        state.withLock { state in
            guard state.run == run else { return }
            state.timer = timers.schedule(afterMilliseconds: Sweeper.pauseMilliseconds) { [weak self] in
                self?.beginRound(of: run)
            }
        }
    }
}
