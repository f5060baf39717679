import Foundation
import Migrations
import SQLite

/// A backup of a data directory that no broker uses.
///
/// The database is only read: it is not migrated, and its write-ahead log stays as it is.
public final class OfflineBackup: Sendable {
    private let backup: RunningBackup
    private let files: DataDirectory
    private let lock: DirectoryLock

    /// Takes the lock of the data directory.
    ///
    /// Throws `BackupError` if there is no database, and `SQLiteStoreError` if the directory is in use or unusable.
    public init(_ request: BackupRequest, directory: String) throws {
        try FileStatus.checkAccess(directory: directory)
        guard FileStatus(directory + "/holdfast.db") != nil else {
            throw BackupError.notThere(directory + "/holdfast.db")
        }
        files = try DataDirectory(path: directory)
        lock = try DirectoryLock(directory: directory)
        backup = RunningBackup(request: request, dataDirectory: directory, timing: .machine, pagesMax: nil)
    }

    /// Ends the backup soon, and removes what there is of it.
    public func cancel() {
        backup.cancel()
    }

    /// Makes the backup and gives the lock back.
    ///
    /// Blocks until that is done; to be called once.
    ///
    /// Throws `SQLiteStoreError` if the file is no database of ours, or `SQLiteError` if it can't be read.
    public func run(onProgress: (BackupProgress) -> Void) throws -> Result<BackupProgress, BackupError> {
        defer { lock.release() }
        do {
            try PendingRestore(files).finish()
            try files.checkPermissions()
            let hasLog = files.wasStoppedUncleanly
            // A backup must not be silently without the commits behind a damaged place.
            let log = WriteAheadLog(databasePath: files.databasePath)
            if let damage = try log.inspect().damage { throw SQLiteStoreError.logDamaged(log.path, damage) }
            let source = SourceConnection(try Connection(path: files.databasePath))
            if hasLog { source.connection.neverCheckpointOnClose() }
            try source.connection.execute("pragma locking_mode = exclusive; pragma trusted_schema = off;")
            try Migrator(connection: source.connection, path: files.databasePath, migrations: Migration.all)
                .checkOwner()
            let result = backup.run({ look in try look(source.connection) }, onProgress: onProgress)
            try source.connection.close()
            return result
        } catch let error as SQLiteError where error.isNotADatabase {
            throw SQLiteStoreError.notOurDatabase(files.databasePath)
        }
    }

    /// One thread uses it.
    private final class SourceConnection: @unchecked Sendable {
        let connection: Connection

        init(_ connection: Connection) {
            self.connection = connection
        }
    }
}
