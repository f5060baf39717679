public import QueueModel
import Synchronization

/// A clock that stands still until a test moves it.
public final class ManualClock: StoreClock {
    private let milliseconds: Mutex<Int64>

    /// Starts at some moment; the default lies in November 2023 and is not a whole second.
    public init(start: Timestamp = Timestamp(milliseconds: 1_700_000_000_123)) {
        milliseconds = Mutex(start.milliseconds)
    }

    /// The moment it was moved to.
    public func now() -> Timestamp {
        Timestamp(milliseconds: milliseconds.withLock { $0 })
    }

    /// Moves it on by so many milliseconds, 0 or more.
    public func advance(milliseconds step: Int64) {
        precondition(step >= 0, "a store's clock never goes back")
        milliseconds.withLock { $0 += step }
    }

    /// Moves it anywhere: a store that starts again may start before the last moment that it told.
    public func set(to moment: Timestamp) {
        milliseconds.withLock { $0 = moment.milliseconds }
    }
}
