import Foundation

/// A file of real blocks that is given up when the disk is full all the same, because somebody else took the room that
/// sends had left alone.
///
/// What it frees lets the log go into the database. From then on the log is written over where it stands, and deletes
/// and receives need no more room than the files already have.
final class Ballast {
    /// More than the log holds when it is copied into the database, with the batch that made it so long.
    static let sizeBytesMax: Int64 = 32 * 1_048_576

    private let path: String
    let sizeBytes: Int64
    private(set) var isThere: Bool

    /// Whether it was tried in vain, though there seemed to be room: it is not tried again until the next start.
    private(set) var hasFailed = false

    /// Finds the file that an earlier start made, if it is whole.
    init(path: String, sizeBytes: Int64) {
        self.path = path
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
        return unlink(path) == 0 && isThere
    }
}
