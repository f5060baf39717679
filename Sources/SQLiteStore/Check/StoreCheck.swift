import Foundation
import Logging
import Migrations
import SQLite

/// Looks a database over that no broker uses: `holdfast check`.
///
/// It takes the lock of a data directory, and recovers its write-ahead log as a start would. A backup is only read.
public struct StoreCheck: Sendable {
    /// What is looked over.
    public enum Target: Sendable {
        /// A data directory.
        case directory(String)

        /// A database that is complete in one file, as a backup is.
        case file(String)
    }

    private let target: Target
    private let isQuick: Bool
    private let givesUpLog: Bool
    private let onProgress: @Sendable (String) -> Void
    private let jump = SequenceJump.atPresent()

    /// Prepares a check.
    ///
    /// - Parameters:
    ///   - target: what is looked over.
    ///   - isQuick: whether only the log, the schema and the structure of tables are looked at, but for indexes.
    ///   - givesUpLog: whether commits behind damage in the log are given up; the log is kept beside it first, and all
    ///     queues pass over what those commits can have given out.
    ///   - onProgress: hears what is looked at next.
    public init(
        _ target: Target,
        isQuick: Bool = false,
        givesUpLog: Bool = false,
        onProgress: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.target = target
        self.isQuick = isQuick
        self.givesUpLog = givesUpLog
        self.onProgress = onProgress
    }

    /// Looks, and tells what it found; takes as long as reading the whole database takes.
    ///
    /// - Throws: `SQLiteStoreError` if there is nothing to look at or it is in use.
    public func run() throws -> CheckReport {
        switch target {
        case .file(let path): try run(file: path)
        case .directory(let path): try run(directory: path)
        }
    }

    private func run(directory: String) throws -> CheckReport {
        let path = directory + "/holdfast.db"
        let log = WriteAheadLog(databasePath: path)
        try FileStatus.checkAccess(directory: directory)
        // Not even a lock file is made where nothing is.
        guard [path, log.path].contains(where: FileManager.default.fileExists) else {
            throw SQLiteStoreError.noDatabase(path)
        }
        let lock = try DirectoryLock(directory: directory)
        defer { lock.release() }
        var report = CheckReport()
        onProgress("the write-ahead log")
        if let damage = try log.inspect().damage {
            let isLost = if case .noDatabase = damage { true } else { false }
            guard givesUpLog, !isLost else {
                report.add("log", "\(log.path): \(damage)")
                return report
            }
            report.keptLogPath = try log.setAside()
        }
        guard let status = FileStatus(path) else { throw SQLiteStoreError.noDatabase(path) }
        guard status.isRegular, status.sizeBytes > 0 else { throw SQLiteStoreError.notOurDatabase(path) }
        // The log may hold what is in no more than the kernel's cache: the next start writes it anew, and only then
        // may it go into the database. Where commits of it are given up it has to go there now.
        let files = try DataDirectory(path: directory)
        if report.keptLogPath != nil {
            try files.renewLog(logger: Logger(label: "check", factory: { _ in SwiftLogNoOpLogHandler() }))
            guard passOverWhatIsGivenUp(path, &report) else { return report }
        }
        let leavesLog = report.keptLogPath == nil && files.wasStoppedUncleanly
        look(path, isImmutable: false, leavesLog: leavesLog, &report)
        if report.findings.isEmpty, !isQuick { DamageMark(directory: directory).remove() }
        return report
    }

    /// - Returns: whether there is something to look at. With what is left still in the log, no broker would start.
    private func passOverWhatIsGivenUp(_ path: String, _ report: inout CheckReport) -> Bool {
        // What can't be opened, or is damaged, is named by the look that follows.
        guard let database = CheckedDatabase(path: path, isImmutable: false), database.isReadable else { return true }
        defer { database.close() }
        guard part("queues", &report, { _ in try jump.make(in: database.connection) }) else { return true }
        do {
            try database.connection.checkpoint(.truncate)
            return true
        } catch {
            report.add("log", "what is left of it can't be put into the database; make room and try again: \(error)")
            return false
        }
    }

    private func run(file path: String) throws -> CheckReport {
        guard let status = FileStatus(path) else {
            guard errno != EACCES else { throw SQLiteStoreError.backupUnreadable(path, reason: "Permission denied") }
            throw SQLiteStoreError.noDatabase(path)
        }
        guard status.isRegular, status.sizeBytes > 0 else { throw SQLiteStoreError.notOurDatabase(path) }
        // What may not be read is not damaged.
        guard access(path, R_OK) == 0 else {
            throw SQLiteStoreError.backupUnreadable(path, reason: String(cString: strerror(errno)))
        }
        // Without its log a database is a state that never was; and with one it may be in use.
        let log = try RawFile(path: path + "-wal")
        guard log.map({ $0.sizeBytes == 0 }) ?? true else { throw SQLiteStoreError.hasLog(path) }
        var report = CheckReport()
        look(path, isImmutable: true, leavesLog: false, &report)
        return report
    }

    /// Each part goes on where another failed: a damaged database has more than one finding.
    private func look(_ path: String, isImmutable: Bool, leavesLog: Bool, _ report: inout CheckReport) {
        let database = CheckedDatabase(path: path, isImmutable: isImmutable)
        if leavesLog { database?.connection.neverCheckpointOnClose() }
        defer { database?.close() }
        guard let database, database.isReadable else {
            report.add("file", "\(path) is not a database that SQLite can read")
            return
        }
        look(database, Invariant.all + [Invariant.parkedMessages], &report)
        guard !isQuick else { return }
        part("attempts", &report) { try ReceiveAttemptCheck(database).look(&$0) }
        part("messages", &report) { try DigestCheck(database).look(&$0, onProgress: onProgress) }
    }

    /// What a start finds that has to look a database over, on its own connection.
    ///
    /// Messages that are parked, or have to be, are no reason not to start: they are not handed out anyway.
    static func findings(path: String, _ connection: Connection) -> [CheckFinding] {
        var report = CheckReport()
        let database = CheckedDatabase(path: path, connection)
        StoreCheck(.file(path)).look(database, Invariant.all, &report)
        return report.findings
    }

    /// All but the messages one by one.
    private func look(_ database: CheckedDatabase, _ invariants: [Invariant], _ report: inout CheckReport) {
        onProgress("the schema")
        guard part("schema", &report, { try SchemaCheck(database).look(&$0) }) else { return }
        onProgress(isQuick ? "the structure of the file" : "the structure of the file and its indexes")
        part("structure", &report) { try StructureCheck(database).look(&$0, isQuick: isQuick) }
        part("queues", &report) { report in
            report.queueCount = Int(try database.connection.integer("select count(*) from queues") ?? 0)
            report.messageCount = Int(
                try database.connection.integer("select coalesce(sum(message_count), 0) from queue_state") ?? 0
            )
        }
        guard !isQuick else { return }
        for invariant in invariants {
            onProgress(invariant.subject)
            part(invariant.check, &report) { try invariant.look(database, &$0) }
        }
        part("queues", &report) { try QueueRowCheck(database).look(&$0) }
        onProgress("messages of groups")
        part("groups", &report) { try GroupIndexCheck(database).look(&$0) }
        // What is named already would be named once more.
        guard report.findings.isEmpty else { return }
        part("start", &report) { try StartCheck(database).look(&$0) }
    }

    /// Runs one part; what SQLite can't read is a finding as well.
    @discardableResult
    private func part(
        _ check: String,
        _ report: inout CheckReport,
        _ look: (inout CheckReport) throws -> Void
    ) -> Bool {
        let before = report.findings.count
        do {
            try look(&report)
        } catch {
            report.add(check, "\(error)")
        }
        return report.findings.count == before
    }
}
