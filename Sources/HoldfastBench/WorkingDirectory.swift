import FoundationEssentials
import Glibc

/// A directory of the bench's own, with the brokers' data and logs; removed at the end.
struct WorkingDirectory: Sendable {
    /// Its path.
    let path: String

    /// Makes one under `parent`.
    init(under parent: String) throws {
        path = "\(parent)/holdfast-bench-\(getpid())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// Where to make one: beside the build, which is on a disk as a rule, while /tmp is in memory on many systems.
    static var defaultParent: String {
        if FileManager.default.fileExists(atPath: ".build") { return ".build" }
        return getenv("TMPDIR").map { String(cString: $0) } ?? "/var/tmp"
    }

    /// Removes it with all that is in it.
    func remove() {
        // Nothing is left to do about a directory that cannot be removed.
        try? FileManager.default.removeItem(atPath: path)
    }
}
