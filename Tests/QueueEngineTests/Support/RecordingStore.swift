import QueueModel
import Synchronization

/// Writes down what it is told and answers what a test says; other chores than the test's wait for ever.
final class RecordingStore: MessageStore {
    private struct State {
        var commands: [Command] = []
        var waiting: [Submission] = []
    }

    let receiptSeal = ReceiptSeal(key: Array(repeating: 1, count: 32))
    private let chore: String
    private let state = Mutex(State())

    init(chore: String) {
        self.chore = chore
    }

    var commands: [Command] {
        state.withLock { $0.commands }
    }

    var names: [String] {
        commands.map { command in
            switch command {
            case .leaseChore: "lease"
            case .parkMessages: "park"
            case .sweep: "sweep"
            case .probe: "probe"
            case .listMessageMoveTasks: "list"
            case .startMessageMoveTask: "start"
            case .moveMessages(let step): "move \(step.messagesMax)"
            default: "other"
            }
        }
    }

    func submit(_ submissions: [Submission]) {
        for submission in submissions { submit(submission) }
    }

    func submit(_ submission: Submission) {
        if case .leaseChore(let lease) = submission.command, lease.chore != chore { return }
        state.withLock { state in
            state.commands.append(submission.command)
            state.waiting.append(submission)
        }
    }

    func setAvailabilityListener(_ listener: @escaping @Sendable (Availability) -> Void) {}

    /// Answers the oldest command that waits.
    func answer(_ outcome: Outcome) {
        next().completion(.success(outcome))
    }

    /// Lets the oldest command that waits fail.
    func fail(_ error: StoreError) {
        next().completion(.failure(error))
    }

    /// Forgets what was written down so far.
    func forget() {
        state.withLock { $0.commands = [] }
    }

    private func next() -> Submission {
        state.withLock { $0.waiting.removeFirst() }
    }
}
