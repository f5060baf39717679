public import NIOCore
public import QueueEngine

/// Timers that go off on an event loop.
public struct EventLoopTimers: Timers {
    private let eventLoop: any EventLoop

    /// Makes timers of a loop.
    public init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Runs `action` on the loop once so many milliseconds have passed; at once if the number is not positive.
    public func schedule(
        afterMilliseconds milliseconds: Int64,
        _ action: @escaping @Sendable () -> Void
    ) -> any TimerHandle {
        ScheduledTimer(scheduled: eventLoop.scheduleTask(in: .milliseconds(max(0, milliseconds)), action))
    }
}

/// A timer that has not gone off yet.
private struct ScheduledTimer: TimerHandle {
    let scheduled: Scheduled<Void>

    func cancel() {
        scheduled.cancel()
    }
}
