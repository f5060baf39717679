import Benchmark
import FoundationEssentials
import Glibc

/// The kernel's cache of file contents.
enum FileCache {
    /// Drops the pages of the files in a directory, so that the next reads come from the disk.
    static func drop(directory: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
            let path = "\(directory)/\(name)"
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            // Only pages that are already on the disk can be dropped.
            guard fsync(descriptor) == 0, posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED) == 0 else {
                throw BenchmarkError("cannot drop \(path) from the file cache")
            }
        }
    }
}
