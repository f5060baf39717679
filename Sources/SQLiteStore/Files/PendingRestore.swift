import Foundation

/// A restore that has been decided: a whole, checked and synced database that only has to take its place.
///
/// Files of the database that was there go into a folder first, all of them before the new one has the name: a log
/// beside a database that it does not belong to would destroy it. If the process ends in between, the next one to open
/// the directory goes on.
struct PendingRestore {
    private let files: DataDirectory

    init(_ files: DataDirectory) {
        self.files = files
    }

    /// Where a database is that is to take the place of the present one.
    var path: String { files.databasePath + ".restored" }

    /// Where a copy is made and checked; what lies there was not decided yet.
    var copyPath: String { files.databasePath + ".restoring" }

    /// Removes a copy that was made, or that a process that is gone has left; to be called with the lock taken.
    func removeCopy() {
        for ending in PendingRestore.endings {
            unlink(copyPath + ending)
        }
    }

    /// The database's own files, and those that SQLite puts beside it.
    static let endings = ["", "-wal", "-shm", "-journal"]

    /// The files of the present database.
    var presentPaths: [String] {
        PendingRestore.endings.map { files.databasePath + $0 }.filter { FileStatus($0) != nil }
    }

    /// Puts a decided restore into effect; without one it does nothing.
    ///
    /// To be called with the lock taken.
    ///
    /// - Returns: the folder that holds the former files, if there were any.
    @discardableResult func finish() throws(SQLiteStoreError) -> String? {
        guard let restored = FileStatus(path) else { return nil }
        let present = presentPaths
        // The same name in each try, so that what belongs together stays together.
        let folder = "\(files.path)/replaced-\(restored.modifiedAt)"
        if !present.isEmpty {
            if FileStatus(folder) == nil, mkdir(folder, 0o700) != 0 { throw failure }
            guard restored.owner.take(directory: folder) else { throw failure }
            for path in present {
                guard rename(path, folder + "/" + (path as NSString).lastPathComponent) == 0 else { throw failure }
            }
            guard FileStatus.syncDirectory(folder), FileStatus.syncDirectory(files.path) else { throw failure }
        }
        guard rename(path, files.databasePath) == 0, FileStatus.syncDirectory(files.path) else { throw failure }
        return FileStatus(folder) == nil ? nil : folder
    }

    private var failure: SQLiteStoreError {
        let reason = String(cString: strerror(errno))
        return .directoryUnusable(files.path, reason: "the restored database can't take its place: \(reason)")
    }
}
