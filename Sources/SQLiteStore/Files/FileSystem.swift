import Foundation

/// The kind of file system that a path lies on.
public struct FileSystem: Sendable, Equatable {
    /// How far a database may be entrusted to it.
    public enum Fitness: Sendable, Equatable {
        case good

        /// Nothing on it survives a restart of the machine.
        case volatile

        /// It may work, but nobody can say what its syncs and locks are worth.
        case doubtful

        /// Several machines can reach it, and locks and syncs do not hold what they promise: no broker starts.
        case refused
    }

    /// Its name, such as `ext4`.
    public let name: String

    /// How far a database may be entrusted to it.
    public let fitness: Fitness

    /// Asks the system what an existing path lies on; nothing if it can't tell.
    public init?(path: String) {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        guard let mounts = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8) else { return nil }
        self.init(path: String(cString: resolved), mounts: mounts)
    }

    /// Looks up what an absolute path without links lies on in the text of `/proc/self/mountinfo` (`proc(5)`).
    package init?(path: String, mounts: String) {
        var best: (point: String, name: String)?
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 5, let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count else { continue }
            let point = FileSystem.unescaped(fields[4])
            let isAbove = point == "/" || path == point || path.hasPrefix(point + "/")
            // Of two mounts on one point the later one is seen.
            guard isAbove, point.utf8.count >= best?.point.utf8.count ?? 0 else { continue }
            best = (point, String(fields[dash + 1]))
        }
        guard let best else { return nil }
        self.init(name: best.name)
    }

    /// Judges a kind by its name.
    package init(name: String) {
        self.name = name
        // nfs4, fuse.sshfs and the like are kinds of what they begin with.
        if FileSystem.refused.contains(where: name.hasPrefix) {
            fitness = .refused
        } else if FileSystem.good.contains(name) {
            fitness = .good
        } else {
            fitness = ["tmpfs", "ramfs"].contains(name) ? .volatile : .doubtful
        }
    }

    private static let good = ["ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "bcachefs"]

    private static let refused = [
        "nfs", "cifs", "smb", "ceph", "afs", "lustre", "gfs2", "ocfs2", "gpfs", "glusterfs", "fuse.sshfs",
        "fuse.glusterfs", "fuse.s3fs", "fuse.rclone", "beegfs",
    ]

    /// Blanks in a mount point are written as `\040`.
    private static func unescaped(_ text: Substring) -> String {
        String(text).replacing("\\040", with: " ").replacing("\\011", with: "\t").replacing("\\134", with: "\\")
    }
}
