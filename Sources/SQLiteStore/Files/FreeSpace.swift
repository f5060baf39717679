import Foundation

/// The room that is left where the database lies.
struct FreeSpace {
    /// Room that sends leave alone, in bytes: for what receives, deletes and the largest batch still have to write.
    static let reservedSizeBytes: Int64 = 16 * 1_048_576

    let path: String

    /// Bytes that may still be written, or nothing if the file system does not tell.
    func sizeBytes() -> Int64? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int64(status.f_bavail) * Int64(status.f_frsize)
    }
}
