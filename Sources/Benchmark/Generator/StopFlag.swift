internal import Synchronization

/// Tells a run from any thread that it should come to its end.
package final class StopFlag: Sendable {
    private let flag = Atomic(false)

    /// A flag that is down.
    package init() {}

    /// Whether it was raised.
    package var isRaised: Bool { flag.load(ordering: .relaxed) }

    /// Raises it.
    package func raise() { flag.store(true, ordering: .relaxed) }
}
