import QueueModel
import Synchronization

/// A clock that goes on only as messages do, so that six minutes of sends need not take six minutes.
final class BenchClock: StoreClock {
    /// Messages a second that the clock takes for granted.
    static let messagesPerSecond: Int64 = 9_000

    private let nanoseconds = Atomic<Int64>(1_700_000_000_000_000_000)

    func now() -> Timestamp {
        Timestamp(milliseconds: nanoseconds.load(ordering: .relaxed) / 1_000_000)
    }

    /// Lets the time pass in which so many messages are sent.
    func pass(messages: Int) {
        nanoseconds.add(Int64(messages) * 1_000_000_000 / BenchClock.messagesPerSecond, ordering: .relaxed)
    }

    /// Lets seconds pass.
    func pass(seconds: Int) {
        nanoseconds.add(Int64(seconds) * 1_000_000_000, ordering: .relaxed)
    }
}
