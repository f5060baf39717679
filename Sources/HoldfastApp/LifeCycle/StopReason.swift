internal import Dispatch
internal import Synchronization

/// Why a running broker has to stop.
enum StopReason: Sendable {
    /// A signal asked for it; its name, such as `SIGTERM`.
    case signal(String)

    /// The store failed and carries nothing out any more.
    case storeFailure(any Error)
}

/// Where the first reason to stop is left by whoever has one, and waited for by the main thread.
final class StopRequest: Sendable {
    private let reason = Mutex<StopReason?>(nil)
    private let given = DispatchSemaphore(value: 0)

    /// Gives a reason.
    ///
    /// A failure of the store goes over a signal, all others only count if they are the first.
    func give(_ new: StopReason) {
        reason.withLock { reason in
            switch (reason, new) {
            case (nil, _), (.signal, .storeFailure): reason = new
            default: break
            }
        }
        given.signal()
    }

    /// Blocks until there is a reason.
    func wait() -> StopReason {
        while true {
            if let reason = current { return reason }
            given.wait()
        }
    }

    /// The reason, if there is one already.
    var current: StopReason? {
        reason.withLock { $0 }
    }
}
