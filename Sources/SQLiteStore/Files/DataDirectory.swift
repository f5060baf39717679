import Foundation

/// The files of a store.
struct DataDirectory {
    let path: String

    /// The database; beside it lie its write-ahead log and the lock file.
    var databasePath: String { path + "/holdfast.db" }

    /// The write-ahead log, which SQLite makes and removes.
    var logPath: String { databasePath + "-wal" }

    /// Room that is kept for when the disk is full.
    var ballastPath: String { path + "/holdfast.ballast" }

    /// Makes the directory if it is missing, for its owner alone, and makes its name durable.
    init(path: String) throws(SQLiteStoreError) {
        self.path = path
        guard !FileManager.default.fileExists(atPath: path) else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw .directoryUnusable(path, reason: "it can't be created")
        }
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Fails if a file is there that this process may not read and write; SQLite would only say that it can't open it.
    func checkPermissions() throws(SQLiteStoreError) {
        for path in [databasePath, logPath, databasePath + "-journal"] {
            if faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) != 0, errno == EACCES {
                throw .permissionDenied(path)
            }
        }
    }

    /// Whether the last process to use the files did not stop gracefully: it left commits in the write-ahead log.
    var wasStoppedUncleanly: Bool {
        var status = stat()
        return stat(logPath, &status) == 0 && status.st_size > 0
    }
}
