public import QueueModel
import Synchronization

/// The semantics of a store in readable form: small, obvious, slow, and in memory only.
///
/// Commands are carried out inside `submit`. Completions and the availability listener are called there too, but
/// outside of the lock, so both may submit again; what they submit is told after they returned.
public final class ReferenceStore: InspectableStore {
    private struct State {
        var service: ReferenceService
        var listener: (@Sendable (Availability) -> Void)?
        /// What was carried out and is not told yet; one entry for each call of `submit`.
        var untold: [Batch] = []
        var isTelling = false
    }

    private struct Batch {
        var outcomes: [(Submission, Result<Outcome, StoreError>)]
        var hints: [Availability]
    }

    /// Made of a fixed key, so that receipt handles are the same in every run.
    public let receiptSeal = ReceiptSeal(key: Array(repeating: 7, count: 32))

    private let clock: any StoreClock
    private let state: Mutex<State>

    /// An empty store; `inFlightMessagesMax` is how many messages of one queue may be in flight.
    public init(clock: any StoreClock, inFlightMessagesMax: Int = Limits.inFlightMessagesMax) {
        self.clock = clock
        state = Mutex(State(service: ReferenceService(inFlightMessagesMax: inFlightMessagesMax)))
    }

    /// A store of its own that holds what another one holds now.
    public init(copying other: ReferenceStore) {
        clock = other.clock
        state = Mutex(State(service: other.state.withLock { $0.service }))
    }

    /// Carries commands out, tells their outcomes in order, then what became available.
    public func submit(_ submissions: [Submission]) {
        state.withLock { state in
            state.service.begin(at: clock.now())
            let outcomes = submissions.map { submission in
                (submission, outcome(of: submission, in: &state.service))
            }
            state.untold.append(Batch(outcomes: outcomes, hints: state.service.takeHints()))
        }
        tell()
    }

    /// Carries one command out.
    public func submit(_ submission: Submission) {
        submit([submission])
    }

    /// Sets who hears of messages that become available.
    public func setAvailabilityListener(_ listener: @escaping @Sendable (Availability) -> Void) {
        state.withLock { $0.listener = listener }
    }

    /// What the store holds now.
    public func snapshot() -> StoreSnapshot {
        state.withLock { $0.service.snapshot(at: clock.now()) }
    }

    /// Has receives pass by what was received too often, as a store without room does, or move it again.
    ///
    /// When the next message is available is told as if it had been moved.
    public func passDeadLettersBy(_ isPassing: Bool) {
        state.withLock { $0.service.isPassingDeadLettersBy = isPassing }
    }

    /// Removes some of what has expired, by the locators that their receipts would have, as a sweep does that is cut
    /// short.
    public func removeExpired(where isRemoved: (UInt64) -> Bool) {
        state.withLock { state in
            state.service.begin(at: clock.now())
            state.service.removeExpired(where: isRemoved)
        }
    }

    private func outcome(
        of submission: Submission,
        in service: inout ReferenceService
    ) -> Result<Outcome, StoreError> {
        if let isAbandoned = submission.isAbandoned, isAbandoned() { return .failure(.abandoned) }
        return Result { () throws(StoreError) in try service.carryOut(submission.command) }
    }

    /// Tells what is untold, unless another call (on this or another thread) is about it: so the order is kept.
    private func tell() {
        var isFirst = true
        while let (batch, listener) = next(isFirst: isFirst) {
            isFirst = false
            for (submission, outcome) in batch.outcomes {
                submission.completion(outcome)
            }
            if let listener {
                for hint in batch.hints { listener(hint) }
            }
        }
    }

    private func next(isFirst: Bool) -> (Batch, (@Sendable (Availability) -> Void)?)? {
        state.withLock { state in
            if isFirst && state.isTelling { return nil }
            state.isTelling = !state.untold.isEmpty
            return state.isTelling ? (state.untold.removeFirst(), state.listener) : nil
        }
    }
}
