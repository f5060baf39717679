import Dispatch
import QueueModel
import Synchronization

extension MessageStore {
    /// Submits commands at once, waits for all of their outcomes and gives them in the order of the commands.
    func apply(_ commands: [Command]) -> [Result<Outcome, StoreError>] {
        let outcomes = Gathered<(index: Int, outcome: Result<Outcome, StoreError>)>()
        let isDone = DispatchSemaphore(value: 0)
        submit(
            commands.enumerated().map { index, command in
                Submission(command) { outcome in
                    outcomes.append((index, outcome))
                    isDone.signal()
                }
            }
        )
        for _ in commands { isDone.wait() }
        return outcomes.take().sorted { $0.index < $1.index }.map(\.outcome)
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
