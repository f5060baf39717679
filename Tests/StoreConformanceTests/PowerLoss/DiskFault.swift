import CrashVFS
import Testing

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

    let kind: FaultKind
    /// Counted from 1, over the whole scenario.
    let number: Int

    var operation: Operation { kind.operation }
    var isForever: Bool { kind.isForever }
    var isFull: Bool { kind.isFull }

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

    /// The command that lets it happen again.
    func replay(seed: UInt64) -> String {
        "HOLDFAST_TEST_FAULT_SEED=\(seed) HOLDFAST_TEST_FAULT_KIND=\(kind.name) HOLDFAST_TEST_FAULT_NUMBER=\(number) "
            + "swift test --filter FailingDiskTests"
    }

    var description: String {
        "\(operation) \(number) fails\(isFull ? " for want of room" : "")\(isForever ? ", and all later ones" : "")"
    }
}

/// A way to fail that is gone through operation by operation.
struct FaultKind: Sendable, CustomTestStringConvertible {
    let operation: DiskFault.Operation
    /// Whether all later ones fail, too.
    let isForever: Bool
    /// Whether the disk is full; else it is broken.
    let isFull: Bool

    static let all = DiskFault.Operation.allCases.flatMap { operation in
        [false, true].flatMap { isForever in
            operation.fullness.map { isFull in
                FaultKind(operation: operation, isForever: isForever, isFull: isFull)
            }
        }
    }

    /// As the environment gives it.
    var name: String { "\(operation)\(isForever ? "-forever" : "")\(isFull ? "-full" : "")" }

    /// Whether a scenario has so many of these operations that only some of them are made to fail.
    var isOfMany: Bool { [.write, .grow, .read].contains(operation) }

    var testDescription: String {
        "\(operation), \(isForever ? "from then on" : "once")\(isFull ? ", full" : "")"
    }
}
