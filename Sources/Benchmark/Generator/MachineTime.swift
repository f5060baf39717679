internal import Glibc

/// The kernel's clocks.
package enum MachineTime {
    /// Nanoseconds since the machine started.
    package static var nanoseconds: UInt64 { read(CLOCK_MONOTONIC) }

    /// CPU seconds of the calling thread.
    package static var threadCPUSeconds: Double { Double(read(CLOCK_THREAD_CPUTIME_ID)) / 1e9 }

    /// Seconds since a reading of `nanoseconds`.
    package static func seconds(since start: UInt64) -> Double { Double(nanoseconds - start) / 1e9 }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
