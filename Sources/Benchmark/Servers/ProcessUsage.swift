internal import Glibc

/// Reads how much CPU time and memory another process of this machine has used.
package struct ProcessUsage: Sendable {
    private let pid: pid_t
    private let clock: clockid_t

    /// Throws if there is no such process.
    package init(pid: Int32) throws {
        var clock = clockid_t()
        guard clock_getcpuclockid(pid, &clock) == 0 else { throw BenchmarkError("there is no process \(pid)") }
        self.pid = pid
        self.clock = clock
    }

    /// User and system time of all its threads, those that have ended included.
    ///
    /// From the process's CPU clock, in nanoseconds; /proc/PID/stat counts in hundredths of a second.
    package func cpuSeconds() throws -> Double {
        var time = timespec()
        guard clock_gettime(clock, &time) == 0 else { throw BenchmarkError("process \(pid) has ended") }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Resident memory now.
    package func residentBytes() throws -> Int { try status("VmRSS:") }

    /// The most resident memory since the process started.
    package func residentBytesMax() throws -> Int { try status("VmHWM:") }

    private func status(_ field: String) throws -> Int {
        let lines = try TextFile.read("/proc/\(pid)/status").split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix(field) }),
            let kibibytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({
                Int($0)
            })
        else { throw BenchmarkError("/proc/\(pid)/status has no \(field)") }
        return kibibytes * 1024
    }
}
