import QueueModel
import Synchronization

extension QueueEngine {
    /// Milliseconds that the store has to prove that it commits.
    static let healthCheckMilliseconds: Int64 = 5_000

    /// Tells once whether the store still commits; false after five seconds without an answer.
    ///
    /// The completion is called on the store's thread or a timer's and must not block.
    public func checkHealth(completion: @escaping @Sendable (Bool) -> Void) {
        let check = HealthCheck(completion)
        check.waits(
            with: timers.schedule(afterMilliseconds: QueueEngine.healthCheckMilliseconds) { check.tell(false) }
        )
        store.submit(
            Submission(.probe) { result in
                switch result {
                case .success: check.tell(true)
                case .failure: check.tell(false)
                }
            }
        )
    }
}

/// A question that is answered by whoever comes first: the store or the timer.
private final class HealthCheck: Sendable {
    private struct State {
        var completion: (@Sendable (Bool) -> Void)?
        var timer: (any TimerHandle)?
    }

    private let state: Mutex<State>

    init(_ completion: @escaping @Sendable (Bool) -> Void) {
        state = Mutex(State(completion: completion))
    }

    func waits(with timer: any TimerHandle) {
        state.withLock { $0.timer = timer }
    }

    func tell(_ isHealthy: Bool) {
        let told = state.withLock { state in
            defer { state = State() }
            return state
        }
        told.timer?.cancel()
        told.completion?(isHealthy)
    }
}
