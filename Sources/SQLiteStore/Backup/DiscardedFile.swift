import Foundation

/// A file that has lost its name: a backup that was replaced, or one that came to nothing.
///
/// A disk that frees hundreds of megabytes at once keeps the commits of a database on it waiting, for 20 to 50 ms by
/// measurement; so its room is given back in steps. What is left is freed with the last reference.
final class DiscardedFile: Sendable {
    private static let stepSizeBytes: off_t = 8 * 1_048_576

    /// From one step to the next: 20 ms.
    private static let pauseNanoseconds: Int64 = 20_000_000

    // Linux shows these commands of fcntl to GNU programs alone, which Swift's are not.
    private static let setSignal: Int32 = 10
    private static let setLease: Int32 = 1_024

    private let descriptor: Int32

    /// Takes over the descriptor of a file that has lost its name or is about to.
    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Opens a file whose name is about to be taken; nothing if another name leads to it, too.
    init?(path: String) {
        var status = stat()
        // With two names it may be a database that SQLite has open here, whose locks would end as this is closed.
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1 else { return nil }
        descriptor = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
    }

    deinit {
        close(descriptor)
    }

    /// Gives the room back step by step; without effect while the file has a name or somebody else has it open.
    func free(pause: (_ nanoseconds: Int64) -> Void) {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_nlink == 0, isOpenHereAlone else { return }
        var sizeBytes = status.st_size
        while sizeBytes > DiscardedFile.stepSizeBytes {
            sizeBytes -= DiscardedFile.stepSizeBytes
            guard ftruncate(descriptor, sizeBytes) == 0 else { return }
            pause(DiscardedFile.pauseNanoseconds)
        }
    }

    /// Whether nobody else has the file open, such as a program that copies the backup that was replaced.
    ///
    /// The system gives a write lease to nobody but the only one who has a file open (fcntl(2)).
    private var isOpenHereAlone: Bool {
        // Were somebody to open it in this moment, the signal must not be SIGIO, which ends the process.
        guard fcntl(descriptor, DiscardedFile.setSignal, SIGURG) == 0,
            fcntl(descriptor, DiscardedFile.setLease, Int32(F_WRLCK)) == 0
        else { return false }
        return fcntl(descriptor, DiscardedFile.setLease, Int32(F_UNLCK)) == 0
    }
}
