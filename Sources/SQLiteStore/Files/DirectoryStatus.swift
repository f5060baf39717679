import Foundation
import SQLite

/// What can be told of a data directory without opening its database, while a broker runs on it or not.
public struct DirectoryStatus: Sendable {
    /// Who has the lock of the directory.
    public enum Lock: Sendable, Equatable {
        case free
        case held(processId: Int?)
        case unknown(reason: String)
    }

    /// The directory.
    public let path: String

    /// Whether it is there.
    public let exists: Bool

    /// Why it can't be looked into by this process; nothing if it can, or is not there.
    public let obstacle: String?

    /// Its permissions, such as 0o700.
    public let permissions: UInt32

    /// Whether it belongs to the user of this process.
    public let isOwn: Bool

    /// The size of the database in bytes; nothing if it is not there.
    public let databaseSizeBytes: Int64?

    /// The size of its log in bytes; nothing if it is not there.
    public let logSizeBytes: Int64?

    /// What SQLite finds damaged was named in the last run, and not looked at since.
    public let isMarkedDamaged: Bool

    /// What the disk has left, in bytes.
    public let freeSizeBytes: Int64?

    /// What of it sends leave alone, in bytes.
    public let reservedSizeBytes: Int64?

    /// Looks at a directory; makes and changes nothing.
    public init(path: String) {
        self.path = path
        let directory = DirectoryStatus.status(of: path)
        let isHidden = directory == nil && (errno == EACCES || errno == ENOTDIR)
        exists = directory != nil
        if let directory, directory.st_mode & S_IFMT != S_IFDIR {
            obstacle = "it is not a directory"
        } else if isHidden || directory != nil && access(path, R_OK | X_OK) != 0 {
            obstacle = String(cString: strerror(errno))
        } else {
            obstacle = nil
        }
        permissions = UInt32(directory?.st_mode ?? 0) & 0o7777
        isOwn = directory?.st_uid == geteuid()
        databaseSizeBytes = DirectoryStatus.status(of: path + "/holdfast.db").map { Int64($0.st_size) }
        logSizeBytes = DirectoryStatus.status(of: path + "/holdfast.db-wal").map { Int64($0.st_size) }
        isMarkedDamaged = DamageMark(directory: path).isThere
        let room = FreeSpace(path: path).room()
        freeSizeBytes = room?.freeSizeBytes
        reservedSizeBytes = room?.reservedSizeBytes
    }

    private static func status(of path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }

    /// Who has the lock now; it is taken for a moment if it is free.
    public func lock() -> Lock {
        guard DirectoryStatus.status(of: path + "/holdfast.lock") != nil else { return .free }
        do {
            try DirectoryLock(directory: path).release()
            return .free
        } catch .directoryInUse(_, let processId) {
            return .held(processId: processId)
        } catch {
            return .unknown(reason: error.description)
        }
    }

    /// The last moment at which a file of the directory was written, in seconds since 1970; nothing for none.
    public var lastWrittenAt: Int? {
        ["/holdfast.db", "/holdfast.db-wal"]
            .compactMap { DirectoryStatus.status(of: path + $0).map { Int($0.st_mtim.tv_sec) } }.max()
    }

    /// What the drive under the directory says of its write cache, such as `write back`; nothing if it says nothing.
    public func writeCache() -> String? {
        guard let device = DirectoryStatus.status(of: path)?.st_dev else { return nil }
        // As glibc's macros `major` and `minor` take it apart.
        let number = UInt64(device)
        let major = (number >> 8) & 0xfff | (number >> 32) & ~0xfff
        let minor = number & 0xff | (number >> 12) & ~0xff
        // A partition has its queue in the disk it is part of.
        for queue in ["queue", "../queue"] {
            let file = "/sys/dev/block/\(major):\(minor)/\(queue)/write_cache"
            if let text = try? String(contentsOfFile: file, encoding: .utf8) {
                return text.trimmingCharacters(in: .whitespacesAndNewlines)
            }
        }
        return nil
    }
}
