import Foundation

/// The lock that makes one process the only user of a data directory.
///
/// It ends with the process, however that ends.
final class DirectoryLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock, or fails at once if another process has it.
    init(directory: String) throws(SQLiteStoreError) {
        let path = directory + "/holdfast.lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .directoryUnusable(directory, reason: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            let holder = DirectoryLock.holder(descriptor)
            close(descriptor)
            guard reason == EWOULDBLOCK else {
                throw .directoryUnusable(directory, reason: String(cString: strerror(reason)))
            }
            throw .directoryInUse(directory, processId: holder)
        }
        if let files = try? DataDirectory(path: directory) { _ = FileOwner(of: files)?.take(descriptor) }
        // For whoever wonders which process it is; the lock itself does not depend on it.
        let text = "\(getpid())\n"
        _ = ftruncate(descriptor, 0)
        _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) }
    }

    /// Gives the lock back.
    func release() {
        close(descriptor)
    }

    private static func holder(_ descriptor: Int32) -> Int? {
        var buffer = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        let text = String(decoding: buffer[..<count], as: UTF8.self)
        return Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
