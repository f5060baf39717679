internal import Dispatch
internal import Synchronization

/// Why a running broker has to stop.
package enum StopReason: Sendable {
    /// A signal asked for it; its name, such as `SIGTERM`.
    case signal(String)

    /// The store failed and carries nothing out any more.
    case storeFailure(any Error)
}

/// Where the first reason to stop is left by whoever has one, and waited for by the main thread.
package final class StopRequest: Sendable {
    private let reason = Mutex<StopReason?>(nil)
    private let given = DispatchSemaphore(value: 0)

    /// A request without a reason.
    package init() {}

    /// Gives a reason.
    ///
    /// A failure of the store goes over a signal, all others only count if they are the first.
    package func give(_ new: StopReason) {
        reason.withLock { reason in
            switch (reason, new) {
            case (nil, _), (.signal, .storeFailure): reason = new
            default: break
            }
        }
        given.signal()
    }

    /// Blocks until there is a reason.
    package func wait() -> StopReason {
        while true {
            if let reason = current { return reason }
            given.wait()
        }
    }

    /// The reason, if there is one already.
    package var current: StopReason? {
        reason.withLock { $0 }
    }
}
