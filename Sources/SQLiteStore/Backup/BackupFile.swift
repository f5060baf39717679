import Foundation

/// The file that a backup is written to: `FILE.partial-holdfast` until it is whole and synced, then `FILE`.
///
/// So whatever is called `FILE` is a good backup, however the process ended.
final class BackupFile {
    /// The ending of a backup that is not whole; nobody else gives files such names.
    static let partialEnding = ".partial-holdfast"

    /// Endings that no backup may have: they say that a file is not whole.
    private static let refusedEndings = [partialEnding, ".partial"]

    let path: String
    let partialPath: String
    private let directory: String
    private let isReplacing: Bool
    private let descriptor: Int32

    /// What has lost its name: the backup that was replaced, or this one if it came to nothing.
    private(set) var discarded: DiscardedFile?

    /// Makes the partial file, for its owner alone: a backup holds bodies and the key of receipt handles.
    ///
    /// A partial file that nobody writes to any more is taken over.
    init(path: String, isReplacing: Bool, dataDirectory: String) throws(BackupError) {
        self.path = path
        self.isReplacing = isReplacing
        directory = (path as NSString).deletingLastPathComponent
        partialPath = path + BackupFile.partialEnding
        guard path.hasPrefix("/"), !path.hasSuffix("/"), !path.utf8.contains(0) else {
            throw .fileUnusable(path, reason: "it is no absolute path of a file")
        }
        guard !BackupFile.refusedEndings.contains(where: path.hasSuffix) else {
            throw .fileUnusable(path, reason: "its name is that of a file that is not whole")
        }
        let directory = FileStatus(directory)
        guard let directory, directory.isDirectory else {
            throw .fileUnusable(path, reason: "its directory is not there")
        }
        guard directory != FileStatus(dataDirectory) else { throw .insideDataDirectory(path) }
        if let present = FileStatus(path) {
            guard isReplacing else { throw .fileExists(path) }
            guard present.isRegular else { throw .fileUnusable(path, reason: "it is no regular file") }
        }
        for ending in ["-wal", "-journal"] {
            guard let log = FileStatus(path + ending), !log.isRegular || log.sizeBytes > 0 else { continue }
            throw .logBeside(path, ending: ending)
        }
        descriptor = try BackupFile.takePartial(partialPath, for: path)
        guard ftruncate(descriptor, 0) == 0, fchmod(descriptor, 0o600) == 0 else {
            let reason = String(cString: strerror(errno))
            discard()
            throw .fileUnusable(path, reason: reason)
        }
    }

    /// Opens and locks the partial file, which no other process writes to then.
    private static func takePartial(_ partialPath: String, for path: String) throws(BackupError) -> Int32 {
        while true {
            let opened = open(partialPath, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
            guard opened >= 0 else { throw .fileUnusable(path, reason: String(cString: strerror(errno))) }
            // Not the kind of lock that SQLite takes; it ends with the process.
            var status = stat()
            guard flock(opened, LOCK_EX | LOCK_NB) == 0, fstat(opened, &status) == 0,
                // Whoever had the lock before may have made the file the backup itself since it was opened here.
                FileStatus(partialPath)?.number == UInt(status.st_ino)
            else {
                Foundation.close(opened)
                throw .alreadyRunning
            }
            // A process that ended just after it had given a backup its name has left it both names.
            if status.st_nlink == 1 {
                guard !BackupFile.isWhole(opened, sizeBytes: Int(status.st_size)) else {
                    Foundation.close(opened)
                    throw .fileExists(partialPath)
                }
                return opened
            }
            unlink(partialPath)
            Foundation.close(opened)
        }
    }

    /// Whether a file that was there looks like a whole database that stands for itself, as `publish` leaves it.
    ///
    /// While a backup is being made, its header has the versions of a database in WAL mode, or its end is missing.
    private static func isWhole(_ descriptor: Int32, sizeBytes: Int) -> Bool {
        var header = [UInt8](repeating: 0, count: 100)
        guard pread(descriptor, &header, header.count, 0) == header.count else { return false }
        let pageCount = header[28..<32].reduce(0) { $0 << 8 | Int($1) }
        return header.starts(with: Array("SQLite format 3\0".utf8)) && header[18] == 1 && header[19] == 1
            && sizeBytes == pageCount * BackupProgress.pageSizeBytes
    }

    /// Whether the file lies on the same file system as a directory.
    func isOnSameDisk(as other: String) -> Bool {
        FileStatus(directory)?.device == FileStatus(other)?.device
    }

    /// Has the disk take what was written so far, so that little is left for the end.
    func syncContents() throws(BackupError) {
        guard fdatasync(descriptor) == 0 else { throw failure }
    }

    /// Makes the whole copy durable and gives it its name.
    ///
    /// To be called once, after SQLite has closed it.
    func publish() throws(BackupError) {
        // Written by a database in WAL mode, the header asks for a log beside the file. There is nothing in one: with 1
        // for the versions of the format the file stands for itself, also where nothing can be
        // written.
        guard pwrite(descriptor, [1, 1] as [UInt8], 2, 18) == 2, fsync(descriptor) == 0 else { throw failure }
        if isReplacing {
            let replaced = DiscardedFile(path: path)
            guard rename(partialPath, path) == 0 else { throw failure }
            discarded = replaced
        } else {
            // Unlike a rename, a link never goes over a file that has come meanwhile.
            guard link(partialPath, path) == 0 else {
                guard errno != EEXIST else { throw .fileExists(path) }
                guard rename(partialPath, path) == 0 else { throw failure }
                return try syncDirectory()
            }
            unlink(partialPath)
        }
        try syncDirectory()
    }

    private func syncDirectory() throws(BackupError) {
        guard FileStatus.syncDirectory(directory) else { throw failure }
        Foundation.close(descriptor)
    }

    /// Removes the partial file, with whatever SQLite may have put beside it.
    func discard() {
        for ending in ["", "-journal", "-wal", "-shm"] {
            unlink(partialPath + ending)
        }
        discarded = DiscardedFile(descriptor: descriptor)
    }

    private var failure: BackupError {
        errno == ENOSPC || errno == EDQUOT
            ? .noRoom(path) : .fileUnusable(path, reason: String(cString: strerror(errno)))
    }
}
