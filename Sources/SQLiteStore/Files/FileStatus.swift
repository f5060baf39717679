import Foundation

/// What the file system says of a path; two are equal if they lead to the same file.
struct FileStatus: Equatable {
    let device: UInt
    let number: UInt
    private let mode: UInt32
    let sizeBytes: Int64
    let owner: FileOwner

    /// The last moment of writing in UTC, such as `20261121T040616.123456789Z`.
    let modifiedAt: String

    /// Follows symbolic links; nothing if there is no such file, or none that can be seen.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt(status.st_dev)
        number = UInt(status.st_ino)
        mode = UInt32(status.st_mode)
        sizeBytes = Int64(status.st_size)
        owner = FileOwner(userId: status.st_uid, groupId: status.st_gid)
        var parts = tm()
        gmtime_r(&status.st_mtim.tv_sec, &parts)
        var text = [CChar](repeating: 0, count: 32)
        strftime(&text, text.count, "%Y%m%dT%H%M%S", &parts)
        let nanoseconds = String(1_000_000_000 + status.st_mtim.tv_nsec).dropFirst()
        modifiedAt =
            String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            + ".\(nanoseconds)Z"
    }

    /// Throws if the user of this process may not even ask whether there is a data directory's database.
    static func checkAccess(directory: String) throws(SQLiteStoreError) {
        var status = stat()
        guard stat(directory + "/holdfast.db", &status) != 0, errno == EACCES || errno == ENOTDIR else { return }
        throw .directoryUnusable(directory, reason: String(cString: strerror(errno)))
    }

    static func == (left: FileStatus, right: FileStatus) -> Bool {
        left.device == right.device && left.number == right.number
    }

    var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
    var isRegular: Bool { mode & S_IFMT == S_IFREG }

    /// Makes the names in a directory durable; whether that worked.
    static func syncDirectory(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }
}
