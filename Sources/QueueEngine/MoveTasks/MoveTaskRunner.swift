import Logging
import QueueModel
import Synchronization

/// Has the store carry the running move tasks out, step by step.
///
/// The tasks and how far they are stand in the store, so that a new start goes on where the last one stood. The store
/// leases the chore to one broker at a time; while it has tasks to drive, the lease is renewed and the tasks are asked
/// for anew, for another broker may have started one.
final class MoveTaskRunner: Sendable {
    static let chore = "move-tasks"
    static let leaseSeconds = 30
    static let renewalMilliseconds: Int64 = 10_000
    /// Milliseconds to the next try where the store refused.
    static let retryMilliseconds: Int64 = 1_000

    private struct State {
        /// Counts starts and stops: what an earlier run still hears of is not its business any more.
        var run = 0
        var isRunning = false
        var isLooking = false
        /// Whether a task was started while the answer to an earlier look was under way.
        var mustLookAgain = false
        var lookTimer: (any TimerHandle)?
        var drives: [MessageID: Drive] = [:]
        var hasFailed = false
    }

    /// A task under way.
    private struct Drive {
        var pace: MovePace
        var timer: (any TimerHandle)?
    }

    private let store: any MessageStore
    private let timers: any Timers
    private let seeds: MessageIDSource
    private let logger: Logger
    private let holder: String
    private let state = Mutex(State())

    init(store: any MessageStore, timers: any Timers, seeds: MessageIDSource, logger: Logger) {
        self.store = store
        self.timers = timers
        self.seeds = seeds
        self.logger = logger
        var generator = SystemRandomNumberGenerator()
        holder = MessageID.random(using: &generator).text
    }

    func start() {
        state.withLock { state in
            guard !state.isRunning else { return }
            state.isRunning = true
            state.run += 1
        }
        look()
    }

    func stop() {
        state.withLock { state in
            for drive in state.drives.values { drive.timer?.cancel() }
            state.lookTimer?.cancel()
            state = State(run: state.run + 1)
        }
    }

    /// Asks the store which tasks run, and drives those that are not driven yet.
    func look() {
        let run: Int? = state.withLock { state in
            guard state.isRunning else { return nil }
            guard !state.isLooking else {
                state.mustLookAgain = true
                return nil
            }
            state.isLooking = true
            state.mustLookAgain = false
            state.lookTimer?.cancel()
            state.lookTimer = nil
            return state.run
        }
        if let run { lease(for: run) }
    }

    // MARK: Looking

    private func lease(for run: Int) {
        let command = LeaseChoreCommand(
            chore: MoveTaskRunner.chore,
            holder: holder,
            seconds: MoveTaskRunner.leaseSeconds
        )
        store.submit(
            Submission(.leaseChore(command)) { [self] result in
                switch result {
                case .success(.leasedChore(true)):
                    list(in: run)
                case .success(.leasedChore(false)):
                    dropAll(in: run)
                    endLook(in: run, lookingAgainAfter: MoveTaskRunner.retryMilliseconds)
                case .success(let outcome):
                    outcome.isNoOutcome(of: "LeaseChore")
                case .failure(let error):
                    warn(of: error, in: run)
                    endLook(in: run, lookingAgainAfter: MoveTaskRunner.retryMilliseconds)
                }
            }
        )
    }

    private func list(in run: Int) {
        guard state.withLock({ $0.run == run }) else { return }
        store.submit(
            Submission(.listMessageMoveTasks(ListMessageMoveTasksCommand(source: nil))) { [self] result in
                switch result {
                case .success(.listedMessageMoveTasks(let tasks)):
                    for task in tasks where task.status == .running { begin(task, in: run) }
                    endLook(in: run, lookingAgainAfter: nil)
                case .success(let outcome):
                    outcome.isNoOutcome(of: "ListMessageMoveTasks")
                case .failure(let error):
                    warn(of: error, in: run)
                    endLook(in: run, lookingAgainAfter: MoveTaskRunner.retryMilliseconds)
                }
            }
        )
    }

    /// Without a delay the next look is due only if there is something to drive.
    private func endLook(in run: Int, lookingAgainAfter delay: Int64?) {
        let looksAtOnce = state.withLock { state in
            guard state.run == run else { return false }
            state.isLooking = false
            let delay = delay ?? (state.drives.isEmpty ? nil : MoveTaskRunner.renewalMilliseconds)
            state.lookTimer = delay.map { delay in
                timers.schedule(afterMilliseconds: delay) { [weak self] in self?.look() }
            }
            return state.mustLookAgain
        }
        if looksAtOnce { look() }
    }

    private func dropAll(in run: Int) {
        state.withLock { state in
            guard state.run == run else { return }
            for drive in state.drives.values { drive.timer?.cancel() }
            state.drives = [:]
        }
    }

    private func warn(of error: StoreError, in run: Int) {
        let isFirst = state.withLock { state in
            // A store that closes refuses what an earlier run still asks.
            guard state.run == run else { return false }
            defer { state.hasFailed = true }
            return !state.hasFailed
        }
        if isFirst {
            logger.warning("The store moves no messages; trying again every second", metadata: ["error": "\(error)"])
        }
    }

    // MARK: Driving

    private func begin(_ task: MessageMoveTask, in run: Int) {
        let isNew = state.withLock { state in
            guard state.run == run, state.drives[task.id] == nil else { return false }
            state.drives[task.id] = Drive(pace: MovePace(messagesPerSecond: task.maxNumberOfMessagesPerSecond))
            return true
        }
        if isNew { step(task.id, in: run) }
    }

    private func step(_ task: MessageID, in run: Int) {
        let messagesMax: Int? = state.withLock { state in
            guard state.run == run else { return nil }
            state.drives[task]?.timer = nil
            return state.drives[task]?.pace.takeStep()
        }
        guard let messagesMax else { return }
        let command = MoveMessagesCommand(taskId: task, messagesMax: messagesMax, seed: seeds.nextSeed())
        store.submit(
            Submission(.moveMessages(command)) { [self] result in
                switch result {
                case .success(.movedMessages(let moved)):
                    state.withLock { $0.hasFailed = false }
                    if moved.isRunning, moved.count == 0 {
                        // It has come further through the queue, and that is no reason to wait.
                        state.withLock { $0.drives[task]?.pace.putBack(messagesMax) }
                        step(task, in: run)
                    } else if moved.isRunning {
                        goOn(with: task, in: run)
                    } else {
                        end(task, in: run)
                    }
                case .success(let outcome):
                    outcome.isNoOutcome(of: "MoveMessages")
                case .failure(.queueDoesNotExist), .failure(.refused):
                    // It was cancelled, or its queue is gone: the store knows what has become of it.
                    end(task, in: run)
                case .failure(let error):
                    warn(of: error, in: run)
                    goOn(with: task, afterAtLeast: MoveTaskRunner.retryMilliseconds, in: run)
                }
            }
        )
    }

    private func goOn(with task: MessageID, afterAtLeast milliseconds: Int64 = 0, in run: Int) {
        let goesOnAtOnce = state.withLock { state in
            guard state.run == run, state.drives[task] != nil else { return false }
            let delay = max(state.drives[task]?.pace.waitForStep() ?? 0, milliseconds)
            guard delay > 0 else { return true }
            state.drives[task]?.timer = timers.schedule(afterMilliseconds: delay) { [weak self] in
                self?.step(task, in: run)
            }
            return false
        }
        if goesOnAtOnce { step(task, in: run) }
    }

    private func end(_ task: MessageID, in run: Int) {
        state.withLock { state in
            guard state.run == run else { return }
            state.drives[task] = nil
        }
    }
}
