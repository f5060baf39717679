import Foundation

/// The room that is left where the database lies.
package struct FreeSpace: Sendable {
    /// Room that sends leave alone: for what receives, deletes and the largest batch still have to write.
    ///
    /// Of a small disk it is a quarter.
    private static let reservedSizeBytesMax: Int64 = 16 * 1_048_576

    let path: String

    /// What the disk has left, and what of it sends leave alone.
    package struct Room: Sendable {
        package let freeSizeBytes: Int64
        package let reservedSizeBytes: Int64

        package init(freeSizeBytes: Int64, reservedSizeBytes: Int64) {
            self.freeSizeBytes = freeSizeBytes
            self.reservedSizeBytes = reservedSizeBytes
        }
    }

    /// The present room, or nothing if the file system does not tell.
    func room() -> Room? {
        guard let (free, all) = blocks() else { return nil }
        return Room(freeSizeBytes: free, reservedSizeBytes: min(FreeSpace.reservedSizeBytesMax, all / 4))
    }

    /// The size of a ballast that suits the disk: of a small one it is an eighth.
    var ballastSizeBytes: Int64 {
        guard let (_, all) = blocks() else { return 0 }
        return min(Ballast.sizeBytesMax, all / 8)
    }

    private func blocks() -> (freeSizeBytes: Int64, allSizeBytes: Int64)? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        let block = Int64(status.f_frsize)
        return (Int64(status.f_bavail) * block, Int64(status.f_blocks) * block)
    }
}
