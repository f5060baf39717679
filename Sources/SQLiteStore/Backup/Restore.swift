import Foundation
import Migrations
package import QueueModel
import SQLite

/// Puts a backup into a data directory, checked as a whole before anything that is there is touched.
public struct Restore: Sendable {
    private let path: String
    private let isReplacing: Bool
    private let files: DataDirectory
    private let pending: PendingRestore
    private let jump: SequenceJump
    private let cancellation = RestoreCancellation()

    /// What was restored.
    public struct Summary: Sendable, Equatable {
        /// Pages of the database.
        public let pageCount: Int

        /// Where the files of the database lie that was there before.
        public let replacedFolder: String?
    }

    /// Makes the data directory if it is missing.
    ///
    /// Throws `SQLiteStoreError` if that fails.
    public init(from path: String, into directory: String, isReplacing: Bool) throws {
        let present = SequenceJump.atPresent()
        try self.init(
            from: path,
            into: directory,
            isReplacing: isReplacing,
            now: present.now,
            chance: present.chance
        )
    }

    /// The same at a moment, and with a random number below 2^16, of a test's own.
    package init(
        from path: String,
        into directory: String,
        isReplacing: Bool,
        now: Timestamp,
        chance: Int64
    ) throws {
        self.path = path
        self.isReplacing = isReplacing
        guard let status = FileStatus(path) else { throw BackupError.notThere(path) }
        guard status.isRegular else { throw BackupError.notRestorable(path, reason: "it is no regular file") }
        files = try DataDirectory(path: directory)
        pending = PendingRestore(files)
        jump = SequenceJump(now: now, chance: chance)
    }

    /// Ends the restore soon, and removes what there is of it; without effect once the backup takes its place.
    ///
    /// May be called on any thread.
    public func cancel() {
        cancellation.cancel()
    }

    /// Blocks until the backup is the directory's database, or nothing has changed.
    ///
    /// - Parameter tell: told what is being done, in a few words.
    /// - Returns: what was restored.
    /// - Throws: `BackupError`; or `SQLiteStoreError` if the directory is in use or unusable.
    public func run(tell: (String) -> Void) throws -> Summary {
        let lock = try DirectoryLock(directory: files.path)
        defer { lock.release() }
        // One that was decided and cut short is done before another one begins.
        try pending.finish()
        guard pending.presentPaths.isEmpty || isReplacing else { throw BackupError.databaseExists(files.path) }
        for (ending, name) in [("-wal", "write-ahead log"), ("-journal", "rollback journal")] {
            guard let log = FileStatus(path + ending), log.sizeBytes > 0 else { continue }
            throw BackupError.notRestorable(
                path,
                reason: "a \(name) lies beside it, so it is no backup but a database that was in use"
            )
        }
        let copyPath = pending.copyPath
        pending.removeCopy()
        do {
            tell("copying")
            try copy(to: copyPath)
            tell("checking")
            let pageCount = try prepare(copyPath)
            try cancellation.check()
            guard FileStatus.syncDirectory(files.path), rename(copyPath, pending.path) == 0,
                FileStatus.syncDirectory(files.path)
            else { throw unusable(errno) }
            return Summary(pageCount: pageCount, replacedFolder: try pending.finish())
        } catch let error as SQLiteError {
            pending.removeCopy()
            try cancellation.check()
            throw error.isFull
                ? BackupError.noRoom(files.path) : BackupError.notRestorable(path, reason: error.message)
        } catch {
            pending.removeCopy()
            try cancellation.check()
            throw error
        }
    }

    private func copy(to copyPath: String) throws {
        let source = open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else {
            throw BackupError.notRestorable(path, reason: String(cString: strerror(errno)))
        }
        defer { close(source) }
        let target = open(copyPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard target >= 0 else { throw unusable(errno) }
        defer { close(target) }
        // SQLite gives what it puts beside the copy the same owner.
        guard FileOwner(of: files)?.take(target) ?? true else { throw unusable(errno) }
        var buffer = [UInt8](repeating: 0, count: 1_048_576)
        while true {
            try cancellation.check()
            let count = read(source, &buffer, buffer.count)
            guard count >= 0 else { throw BackupError.notRestorable(path, reason: String(cString: strerror(errno))) }
            if count == 0 { break }
            var written = 0
            while written < count {
                let more = buffer.withUnsafeBytes {
                    write(target, $0.baseAddress?.advanced(by: written), count - written)
                }
                guard more > 0 else { throw unusable(errno) }
                written += more
            }
        }
        guard fsync(target) == 0 else { throw unusable(errno) }
    }

    private func unusable(_ number: Int32) -> any Error {
        if number == ENOSPC || number == EDQUOT { return BackupError.noRoom(files.path) }
        return SQLiteStoreError.directoryUnusable(files.path, reason: String(cString: strerror(number)))
    }

    /// Checks the copy, brings its schema up to date, and has it go on where nobody has been.
    ///
    /// - Returns: its pages.
    private func prepare(_ copyPath: String) throws -> Int {
        let connection = try Connection(path: copyPath)
        cancellation.watch(connection)
        let result = Result { try prepare(connection) }
        // Nobody may interrupt a connection that is closed.
        cancellation.watch(nil)
        do {
            let pageCount = try result.get()
            try connection.close()
            return pageCount
        } catch let error as SQLiteStoreError {
            try? connection.close()
            throw BackupError.notRestorable(path, reason: error.description)
        } catch {
            try? connection.close()
            throw error
        }
    }

    private func prepare(_ connection: Connection) throws -> Int {
        try connection.execute(
            """
            pragma locking_mode = exclusive;
            pragma trusted_schema = off;
            pragma cell_size_check = on;
            pragma mmap_size = 0;
            """
        )
        try checkOrigin(of: connection)
        // One file, whatever it was when somebody copied it.
        try connection.execute("pragma journal_mode = delete; pragma synchronous = full;")
        try cancellation.check()
        let migrator = Migrator(connection: connection, path: path, migrations: Migration.all)
        _ = try migrator.run(now: jump.now)
        try cancellation.check()
        // All that `holdfast check` looks at but for bodies: a damaged one is parked, not handed out.
        let findings = StoreCheck.findings(path: path, connection)
        try cancellation.check()
        if let first = findings.first {
            throw BackupError.notRestorable(path, reason: "it is damaged: \(first.text) (\(findings.count) findings)")
        }
        try jump.make(in: connection)
        return Int(try connection.integer("pragma page_count") ?? 0)
    }

    private func checkOrigin(of connection: Connection) throws {
        guard try connection.integer("pragma application_id") == DatabaseSettings.applicationId,
            try connection.integer("pragma user_version") ?? 0 > 0
        else { throw BackupError.notRestorable(path, reason: "it is not a Holdfast database") }
    }
}
