/// Why a store can't be opened.
///
/// Each case reads as a message for whoever starts the broker.
public enum SQLiteStoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Another process has the data directory.
    case directoryInUse(String, processId: Int?)

    /// The directory can't be made, read or written.
    case directoryUnusable(String, reason: String)

    /// The database was written by a newer Holdfast.
    case databaseTooNew(String, version: Int, latest: Int)

    /// The file is a database of something else.
    case notOurDatabase(String)

    /// The database was made by another text of a migration than the one in this binary.
    case migrationChanged(String, version: Int)

    /// SQLite would not switch to write-ahead logging, without which nothing here is durable at this price.
    case notInWALMode(String, mode: String)

    /// Commits lie in the write-ahead log that opening the database would drop; nothing was opened or changed.
    case logDamaged(String, LogDamage)

    /// SQLite finds the database damaged.
    case databaseDamaged(String, reason: String)

    /// There is no database to look at.
    case noDatabase(String)

    /// The file has a write-ahead log beside it: it is part of a data directory, and may be in use.
    case hasLog(String)

    /// A file can't be read before it is opened.
    case fileUnreadable(String, reason: String)

    /// A backup can't be read by this process.
    case backupUnreadable(String, reason: String)

    /// A file in the data directory belongs to somebody else.
    case permissionDenied(String)

    /// The message.
    public var description: String {
        switch self {
        case .directoryInUse(let path, let processId):
            let holder = processId.map { " with id \($0)" } ?? ""
            return
                "the data directory \(path) is in use by another process\(holder); each broker needs its own"
        case .directoryUnusable(let path, let reason):
            return "the data directory \(path) can't be used: \(reason)"
        case .databaseTooNew(let path, let version, let latest):
            return "\(path) has schema version \(version), written by a newer Holdfast; this one knows up to \(latest)"
        case .notInWALMode(let path, let mode):
            return "\(path) can't be switched to write-ahead logging; its journal mode is \(mode)"
        case .notOurDatabase(let path):
            return "\(path) is not a Holdfast database"
        case .migrationChanged(let path, let version):
            return "\(path) was made by another text of migration \(version) than the one in this binary: by a build "
                + "that was never released. Start with an empty data directory, or with the build that made it"
        case .logDamaged(let path, let damage):
            let wayOut =
                if case .noDatabase = damage { "" } else {
                    ", or give these commits up with 'holdfast check --accept-damaged-log'"
                }
            return "\(path): \(damage). Nothing was changed. Restore a backup\(wayOut)"
        case .databaseDamaged(let path, let reason):
            return "\(path) is damaged: \(reason). Look with 'holdfast check', and restore a backup"
        case .noDatabase(let path):
            return "there is no database \(path)"
        case .hasLog(let path):
            return "\(path) has a write-ahead log beside it; check its data directory with --data"
        case .permissionDenied(let path):
            return "\(path) can't be opened: permission denied; it has to belong to the user of the broker"
        case .fileUnreadable(let path, let reason), .backupUnreadable(let path, let reason):
            return "\(path) can't be read: \(reason)"
        }
    }
}
