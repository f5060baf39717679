package import QueueModel

/// The store's time: it starts at the wall clock (never before the last moment written), runs with the monotonic clock
/// and never steps.
///
/// Later differences to the wall clock are made up for by at most one part in a thousand.
package struct SteadyTime {
    /// How far time and wall clock may be apart before it is worth a line in the log, in milliseconds.
    package static let noteworthyMilliseconds: Int64 = 1_000

    private var nanoseconds: Int64
    private var lastMonotonicNanoseconds: Int64

    /// Starts at the later of two moments.
    package init(wall: Timestamp, lastWritten: Timestamp, monotonicNanoseconds: Int64) {
        nanoseconds = max(wall, lastWritten).milliseconds * 1_000_000
        lastMonotonicNanoseconds = monotonicNanoseconds
    }

    /// The present moment, and how far the wall clock is ahead of it, in milliseconds.
    package mutating func advance(
        wall: Timestamp,
        monotonicNanoseconds: Int64
    ) -> (now: Timestamp, wallAheadMilliseconds: Int64) {
        let elapsed = max(0, monotonicNanoseconds - lastMonotonicNanoseconds)
        lastMonotonicNanoseconds = max(lastMonotonicNanoseconds, monotonicNanoseconds)
        let due = nanoseconds + elapsed
        let difference = wall.milliseconds * 1_000_000 - due
        let slew = elapsed / 1_000
        nanoseconds = due + min(max(difference, -slew), slew)
        let now = Timestamp(milliseconds: nanoseconds / 1_000_000)
        return (now, wall.milliseconds - now.milliseconds)
    }
}
