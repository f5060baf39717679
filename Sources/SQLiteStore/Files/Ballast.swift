import Foundation

/// A file of real blocks that is given up when the disk is full all the same, because somebody else took the room that
/// sends had left alone.
///
/// What it frees lets the log go into the database, and gives the log blocks of its own to be written over again and
/// again. From then on deletes and receives need no more room than the files already have, whoever takes the rest.
final class Ballast {
    /// More than the log holds when it is copied into the database, with the batch that made it so long.
    static let sizeBytesMax: Int64 = 32 * 1_048_576

    /// What the log gets of it, more than any batch without sends writes.
    static let logSizeBytesMax: Int64 = 4 * 1_048_576

    private let path: String
    private let logPath: String
    let sizeBytes: Int64
    private(set) var isThere: Bool

    /// Whether it was tried in vain, though there seemed to be room: it is not tried again until the next start.
    private(set) var hasFailed = false

    /// Finds the file that an earlier start made, if it is whole.
    init(path: String, logPath: String, sizeBytes: Int64) {
        self.path = path
        self.logPath = logPath
        self.sizeBytes = sizeBytes
        var status = stat()
        isThere = stat(path, &status) == 0 && Int64(status.st_blocks) * 512 >= sizeBytes
    }

    /// Takes the room, all or nothing.
    func make() {
        guard !isThere, !hasFailed, sizeBytes > 0 else { return }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        isThere = descriptor >= 0 && posix_fallocate(descriptor, 0, off_t(sizeBytes)) == 0
        hasFailed = !isThere
        if descriptor >= 0 {
            close(descriptor)
        }
        if hasFailed {
            unlink(path)
        }
    }

    /// Gives the room up.
    ///
    /// - Returns: whether there was any to give.
    func release() -> Bool {
        defer { isThere = false }
        guard unlink(path) == 0, isThere else { return false }
        keepRoomForLog()
        return true
    }

    /// Gives the log blocks behind its end, if there are any.
    ///
    /// They hold zeros, which are no frames: SQLite writes over them, and a recovery ends before them.
    func keepRoomForLog() {
        guard sizeBytes > 0 else { return }
        let descriptor = open(logPath, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        // In vain where the file system can't: then the log takes what it needs when it needs it.
        _ = posix_fallocate(descriptor, 0, off_t(min(Ballast.logSizeBytesMax, sizeBytes / 2)))
        close(descriptor)
    }
}
