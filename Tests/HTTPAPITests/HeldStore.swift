import QueueModel
import ReferenceStore
import Synchronization

/// A store that keeps its outcomes to itself while it is told to.
final class HeldStore: MessageStore {
    private struct State {
        var isHolding = false
        var isFailing = false
        var submissions = 0
        var held: [@Sendable () -> Void] = []
        var waiters: [(count: Int, wake: @Sendable () -> Void)] = []
    }

    let reference: ReferenceStore
    private let state = Mutex(State())

    init(_ reference: ReferenceStore) {
        self.reference = reference
    }

    var receiptSeal: ReceiptSeal {
        reference.receiptSeal
    }

    func setAvailabilityListener(_ listener: @escaping @Sendable (Availability) -> Void) {
        reference.setAvailabilityListener(listener)
    }

    func submit(_ submissions: [Submission]) {
        for submission in submissions {
            submit(submission)
        }
    }

    /// Carries the command out at once; the outcome is told at once or once `release()` is called.
    func submit(_ submission: Submission) {
        let isFailing = state.withLock { state in
            state.submissions += 1
            return state.isFailing
        }
        if isFailing {
            submission.completion(.failure(.failed))
            return
        }
        let isAbandoned = submission.isAbandoned
        reference.submit(
            Submission(submission.command, isAbandoned: isAbandoned) { outcome in
                let tell: @Sendable () -> Void = { submission.completion(outcome) }
                let isHeld = self.state.withLock { state in
                    if state.isHolding {
                        state.held.append(tell)
                        let ready = state.waiters.filter { $0.count <= state.held.count }
                        state.waiters.removeAll { $0.count <= state.held.count }
                        for waiter in ready {
                            waiter.wake()
                        }
                    }
                    return state.isHolding
                }
                if !isHeld {
                    tell()
                }
            }
        )
    }

    /// How many commands have come.
    var submissions: Int {
        state.withLock { $0.submissions }
    }

    /// From now on outcomes are kept.
    func hold() {
        state.withLock { $0.isHolding = true }
    }

    /// Every command fails from now on.
    func fail() {
        state.withLock { $0.isFailing = true }
    }

    /// Calls once so many outcomes are held.
    func whenHolding(_ count: Int, _ wake: @escaping @Sendable () -> Void) {
        let isReady = state.withLock { state in
            if state.held.count < count {
                state.waiters.append((count, wake))
            }
            return state.held.count >= count
        }
        if isReady {
            wake()
        }
    }

    /// Tells what was held, and holds nothing any more.
    func release() {
        let held = state.withLock { state in
            state.isHolding = false
            defer { state.held = [] }
            return state.held
        }
        for tell in held {
            tell()
        }
    }
}
