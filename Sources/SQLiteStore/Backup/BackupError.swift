/// Why there is no backup, or why a backup can't be restored.
///
/// Each case reads as a message for whoever asked for it. The store that was to be backed up is not disturbed.
public enum BackupError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A file is where the backup is to be.
    case fileExists(String)

    /// The file can't be made or written.
    case fileUnusable(String, reason: String)

    /// A log of another database lies where it would be taken for that of the backup.
    case logBeside(String, ending: String)

    /// The file lies in the data directory itself.
    case insideDataDirectory(String)

    /// There is less room than the backup needs, or than has to be left to the broker.
    case noRoom(String)

    /// The store makes a backup already, or another process writes to the same file.
    case alreadyRunning

    /// Whoever asked for the backup does not want it any more.
    case cancelled

    /// Whoever asked for the restore does not want it any more.
    case restoreCancelled

    /// The store stops, or has failed.
    case storeStopped

    /// The database could not be read, or its copy not be written.
    case copyFailed(reason: String)

    /// There is no such file or database.
    case notThere(String)

    /// The file is no backup that can be restored.
    case notRestorable(String, reason: String)

    /// A database is where the backup is to be restored.
    case databaseExists(String)

    /// The message.
    public var description: String {
        switch self {
        case .fileExists(let path): "\(path) exists already"
        case .fileUnusable(let path, let reason): "\(path) can't be written: \(reason)"
        case .logBeside(let path, let ending):
            "\(path)\(ending) lies beside \(path) and would be taken for a part of it; move or remove it first"
        case .insideDataDirectory(let path):
            "\(path) is in the data directory; a backup belongs elsewhere, best on another disk"
        case .noRoom(let path): "there is too little room for \(path)"
        case .alreadyRunning: "another backup is being made"
        case .cancelled: "the backup was cancelled"
        case .restoreCancelled: "the restore was cancelled; nothing was changed"
        case .storeStopped: "the broker stops or has failed"
        case .copyFailed(let reason): "the backup failed: \(reason)"
        case .notThere(let path): "\(path) is not there"
        case .notRestorable(let path, let reason): "\(path) can't be restored: \(reason)"
        case .databaseExists(let path): "the data directory \(path) holds a database already"
        }
    }
}
