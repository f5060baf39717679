import Dispatch
import QueueModel
import Synchronization

extension MessageStore {
    /// Submits commands at once and waits for their outcomes.
    func apply(_ commands: [Command]) -> [Result<Outcome, StoreError>] {
        let outcomes = Gathered<Result<Outcome, StoreError>>()
        let isDone = DispatchSemaphore(value: 0)
        let last = commands.count - 1
        submit(
            commands.enumerated().map { index, command in
                Submission(command) { outcome in
                    outcomes.append(outcome)
                    if index == last { isDone.signal() }
                }
            }
        )
        if !commands.isEmpty { isDone.wait() }
        return outcomes.take()
    }

    /// Submits one command and waits for its outcome.
    func apply(_ command: Command) -> Result<Outcome, StoreError> {
        apply([command])[0]
    }
}

/// Values that another thread hands over.
final class Gathered<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    func append(_ value: Value) {
        values.withLock { $0.append(value) }
    }

    /// What came since the last call.
    func take() -> [Value] {
        values.withLock { values in
            defer { values = [] }
            return values
        }
    }
}
