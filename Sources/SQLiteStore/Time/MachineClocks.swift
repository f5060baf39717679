import Foundation
package import QueueModel

/// The clocks that a `SteadyClock` reads: those of the machine, or a test's, which jump and stand still.
package struct MachineClocks: Sendable {
    /// The time of day, which may be set to anything at any moment.
    package let wall: @Sendable () -> Timestamp

    /// Nanoseconds since some moment in the past.
    package let monotonicNanoseconds: @Sendable () -> Int64

    /// Puts two clocks together.
    package init(
        wall: @escaping @Sendable () -> Timestamp,
        monotonicNanoseconds: @escaping @Sendable () -> Int64
    ) {
        self.wall = wall
        self.monotonicNanoseconds = monotonicNanoseconds
    }

    /// This machine's.
    ///
    /// CLOCK_BOOTTIME goes on while the machine sleeps, so leases do not outlive a closed lid.
    package static let ofThisMachine = MachineClocks(
        wall: { Timestamp(milliseconds: nanoseconds(CLOCK_REALTIME) / 1_000_000) },
        monotonicNanoseconds: { nanoseconds(CLOCK_BOOTTIME) }
    )

    private static func nanoseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
