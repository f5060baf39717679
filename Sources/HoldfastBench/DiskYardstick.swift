import Benchmark
import Glibc
import Histogram

/// The yardstick F: what one overwrite of 4 KiB and fdatasync takes in the data directory's file system.
///
/// A commit of a lone client cannot be faster than that, so a latency says something only beside it.
struct DiskYardstick {
    /// Median of one write and sync.
    var p50Microseconds: Double

    /// What 99 of 100 stay under.
    var p99Microseconds: Double

    /// Measures with a file of its own, which is removed.
    ///
    /// The file's blocks are written beforehand: a sync of a growing file costs twice as much, and a WAL that is
    /// reused does not grow.
    init(directory: String, writes: Int) throws {
        let path = "\(directory)/disk-yardstick"
        let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw BenchmarkError("cannot write \(path): \(String(cString: strerror(errno)))") }
        defer {
            close(descriptor)
            unlink(path)
        }
        let page = [UInt8](repeating: 0x5a, count: 4_096)
        let pages = 1_024
        for index in 0..<pages { try Self.write(page, at: index, descriptor, path) }
        guard fsync(descriptor) == 0 else { throw BenchmarkError("cannot sync \(path)") }

        var histogram = Histogram<UInt32>(highestTrackableValue: 60_000_000_000)
        for index in 0..<writes {
            let startedAt = MachineTime.nanoseconds
            try Self.write(page, at: index % pages, descriptor, path)
            guard fdatasync(descriptor) == 0 else { throw BenchmarkError("cannot sync \(path)") }
            histogram.record(MachineTime.nanoseconds - startedAt)
        }
        p50Microseconds = Double(histogram.valueAtPercentile(50)) / 1e3
        p99Microseconds = Double(histogram.valueAtPercentile(99)) / 1e3
    }

    private static func write(_ page: [UInt8], at index: Int, _ descriptor: Int32, _ path: String) throws {
        guard pwrite(descriptor, page, page.count, off_t(index * page.count)) == page.count else {
            throw BenchmarkError("cannot write \(path): \(String(cString: strerror(errno)))")
        }
    }
}
