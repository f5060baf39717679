import QueueModel
import ReferenceStore
import Synchronization

/// A store that takes nothing until it is told to, as the writer does while it syncs; then all that waits is a batch.
final class StepwiseStore: MessageStore {
    private struct State {
        var waiting: [Submission] = []
        var failures: [StoreError] = []
    }

    private let inner: ReferenceStore
    private let state = Mutex(State())

    init(_ inner: ReferenceStore) {
        self.inner = inner
    }

    var receiptSeal: ReceiptSeal {
        inner.receiptSeal
    }

    /// The commands that wait.
    var waiting: [Command] {
        state.withLock { $0.waiting.map(\.command) }
    }

    func submit(_ submissions: [Submission]) {
        state.withLock { $0.waiting += submissions }
    }

    func submit(_ submission: Submission) {
        submit([submission])
    }

    func setAvailabilityListener(_ listener: @escaping @Sendable (Availability) -> Void) {
        inner.setAvailabilityListener(listener)
    }

    /// Carries out what waits, as one batch.
    func step() {
        inner.submit(take())
    }

    /// Carries out what waits and what comes of it, until nothing waits.
    func drain() {
        while !waiting.isEmpty { step() }
    }

    /// Answers what waits with an error instead.
    func fail(with error: StoreError) {
        for submission in take() { submission.completion(.failure(error)) }
    }

    private func take() -> [Submission] {
        state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
    }
}
