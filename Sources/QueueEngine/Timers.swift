/// Does things later; who makes the engine says how, so that tests need not wait.
public protocol Timers: Sendable {
    /// Does something once, so many milliseconds (1 or more) from now.
    ///
    /// `schedule` returns before the action runs. The action does not block.
    func schedule(afterMilliseconds: Int64, _ action: @escaping @Sendable () -> Void) -> any TimerHandle
}

/// Something that was scheduled.
public protocol TimerHandle: Sendable {
    /// Forgets it, unless it has begun; what has begun goes on.
    ///
    /// Does not wait for an action that runs. May be called more than once.
    func cancel()
}
