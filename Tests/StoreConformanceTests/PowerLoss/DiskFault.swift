import CrashVFS

/// A failure of the disk that is to come.
struct DiskFault: CustomStringConvertible {
    enum Operation: String, CaseIterable {
        case open, write, sync, truncate, delete, read

        /// A write that makes its file longer: on a full disk these fail, and others do not.
        case grow

        /// The ways in which it fails: for want of room, or because the disk is broken.
        var fullness: [Bool] {
            switch self {
            case .write: [false, true]
            case .grow: [true]
            default: [false]
            }
        }

        var mask: Int32 {
            switch self {
            case .open: Int32(crash_vfs_open)
            case .write: Int32(crash_vfs_write)
            case .sync: Int32(crash_vfs_sync)
            case .truncate: Int32(crash_vfs_truncate)
            case .delete: Int32(crash_vfs_delete)
            case .read: Int32(crash_vfs_read)
            case .grow: Int32(crash_vfs_grow)
            }
        }
    }

    let operation: Operation
    /// Counted from 1, over the whole scenario.
    let number: Int
    /// Whether all later ones fail, too.
    let isForever: Bool
    /// Whether the disk is full; else it is broken.
    let isFull: Bool

    /// SQLite's code, as its unix VFS gives it.
    var code: Int32 {
        if isFull { return 13 }
        return switch operation {
        case .open: 14
        case .read: 10 | 1 << 8
        case .write, .grow: 10 | 3 << 8
        case .sync: 10 | 4 << 8
        case .truncate: 10 | 6 << 8
        case .delete: 10 | 10 << 8
        }
    }

    var description: String {
        "\(operation) \(number) fails\(isFull ? " for want of room" : "")\(isForever ? ", and all later ones" : "")"
    }
}
