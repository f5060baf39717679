internal import FoundationEssentials
internal import Glibc

/// A directory of the measurement's own, with the brokers' data and logs; removed at the end.
package struct WorkingDirectory: Sendable {
    /// Its path.
    package let path: String

    /// The type of the file system it is on, as the mount table names it.
    package let fileSystem: String

    /// Whether that is memory, on which nothing is durable and a sync costs nothing.
    package var isInMemory: Bool { Self.typesInMemory.contains(fileSystem) }

    /// Makes one under `parent`.
    package init(under parent: String) throws {
        path = "\(parent)/holdfast-bench-\(getpid())"
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw BenchmarkError("\(path) can't be made: \(SystemError.text)")
        }
        fileSystem = Self.fileSystem(of: path)
    }

    private static let typesInMemory: Set<String> = ["tmpfs", "ramfs"]

    /// Where to make one if nobody says it: the first of these places that is no memory.
    package static func parent(among places: [String]) -> String {
        let usable = places.filter { access($0, W_OK | X_OK) == 0 }
        return usable.first { !typesInMemory.contains(fileSystem(of: $0)) } ?? usable.first ?? "."
    }

    /// The place for temporary files that the environment names, then the one that outlives a restart, then here.
    package static var temporaryPlaces: [String] {
        let named = getenv("TMPDIR").map { [String(cString: $0)] } ?? []
        return named + ["/var/tmp", "."]
    }

    /// Removes it with all that is in it.
    package func remove() {
        // Nothing is left to do about a directory that can't be removed.
        try? FileManager.default.removeItem(atPath: path)
    }

    private static func fileSystem(of directory: String) -> String {
        guard let resolved = realpath(directory, nil), let mounts = try? TextFile.read("/proc/mounts") else {
            return "unknown"
        }
        defer { free(resolved) }
        let path = String(cString: resolved)
        var best = (mount: "", type: "unknown")
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 2 else { continue }
            let mount = String(fields[1])
            let prefix = mount.hasSuffix("/") ? mount : mount + "/"
            // Later mounts hide earlier ones.
            if (path + "/").hasPrefix(prefix), mount.utf8.count >= best.mount.utf8.count {
                best = (mount, String(fields[2]))
            }
        }
        return best.type
    }
}
