import Benchmark
import Glibc

/// How much of the machine's cores others use, so that a reader can tell a noisy run from a quiet one.
struct MachineLoad {
    private let startedSeconds: (busy: Double, total: Double)

    /// Counts from now on.
    init() throws {
        startedSeconds = try Self.seconds()
    }

    /// The share of all cores' time since the start that went to other processes than those of the measurement,
    /// which used `ownSeconds` of it.
    func otherShare(ownSeconds: Double) throws -> Double {
        let now = try Self.seconds()
        let total = now.total - startedSeconds.total
        return total > 0 ? max(0, now.busy - startedSeconds.busy - ownSeconds) / total : 0
    }

    /// CPU time of this process, all threads.
    static func ownCPUSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Seconds of all cores since boot, from the first line of /proc/stat.
    private static func seconds() throws -> (busy: Double, total: Double) {
        let line = try TextFile.read("/proc/stat").prefix { $0 != "\n" }
        // user, nice, system, idle, iowait, irq, softirq, steal; what follows is counted in user already.
        let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
        guard ticks.count == 8 else { throw BenchmarkError("/proc/stat has no line of eight figures for all cores") }
        let perSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
        let total = ticks.reduce(0, +)
        return ((total - ticks[3] - ticks[4]) / perSecond, total / perSecond)
    }
}
