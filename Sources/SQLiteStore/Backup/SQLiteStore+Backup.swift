import Foundation
import SQLite

extension SQLiteStore {
    /// Copies the database to a file while the store works on; the copy is the state of some moment before the end.
    ///
    /// It holds everything that was committed before the call. One backup is made at a time; closing the store cancels
    /// it.
    ///
    /// - Parameters:
    ///   - request: what is to be made.
    ///   - onProgress: told after each step how far the backup is, on a thread of its own.
    ///   - onEnd: told once, on the same thread, what came of it: success once the file is synced and has its name. It
    ///     must not close the store, which waits for it.
    /// - Returns: what the backup can be cancelled with.
    /// - Throws: if another backup is being made or the store is closed; nothing is called then.
    public func backUp(
        _ request: BackupRequest,
        onProgress: @escaping @Sendable (BackupProgress) -> Void,
        onEnd: @escaping @Sendable (Result<BackupProgress, BackupError>) -> Void
    ) throws(BackupError) -> RunningBackup {
        try backUp(request, timing: .machine, pagesMax: nil, onProgress: onProgress, onEnd: onEnd)
    }

    /// The same with times of a test's own, and with a file that takes no more than so many pages.
    package func backUp(
        _ request: BackupRequest,
        timing: BackupTiming,
        pagesMax: Int?,
        onProgress: @escaping @Sendable (BackupProgress) -> Void,
        onEnd: @escaping @Sendable (Result<BackupProgress, BackupError>) -> Void
    ) throws(BackupError) -> RunningBackup {
        let backup = RunningBackup(
            request: request,
            dataDirectory: directory,
            timing: timing,
            pagesMax: pagesMax
        )
        try backupSlot.take(backup)
        let thread = Thread { [self] in
            let result = backup.run(
                { look in
                    try self.inspect { database throws(SQLiteError) in
                        Result { () throws(SQLiteError) in try look(database.connection) }
                    }.get()
                },
                onProgress: onProgress
            )
            backupSlot.release { onEnd(result) }
            backup.freeDiscarded()
        }
        thread.name = "holdfast-backup"
        thread.start()
        return backup
    }
}
