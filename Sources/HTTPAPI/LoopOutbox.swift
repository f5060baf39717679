public import NIOCore
public import QueueEngine
internal import Synchronization

/// Brings what other threads have to say onto one event loop.
///
/// A store tells the outcomes of a whole batch in a row. Waking the loop costs more than the work itself, so a burst
/// wakes it once.
public final class LoopOutbox: ReplyExecutor {
    private let eventLoop: any EventLoop
    private let waiting = Mutex<[@Sendable () -> Void]>([])

    /// Makes an outbox of a loop.
    public init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        waiting.withLock { $0.reserveCapacity(64) }
    }

    /// Runs `work` on the loop, after all that was handed over before.
    public func execute(_ work: @escaping @Sendable () -> Void) {
        let isFirst = waiting.withLock { waiting in
            waiting.append(work)
            return waiting.count == 1
        }
        if isFirst {
            eventLoop.execute { self.drain() }
        }
    }

    private func drain() {
        var burst: [@Sendable () -> Void] = []
        waiting.withLock { waiting in
            // Whoever appends from now on finds the list empty and wakes the loop again.
            swap(&burst, &waiting)
            waiting.reserveCapacity(min(burst.count, 1_024))
        }
        for work in burst {
            work()
        }
    }
}
