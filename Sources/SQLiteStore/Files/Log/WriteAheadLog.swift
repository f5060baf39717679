import Foundation

/// The write-ahead log of a database that is not open.
package struct WriteAheadLog {
    let databasePath: String

    /// The log that lies beside a database.
    package init(databasePath: String) {
        self.databasePath = databasePath
    }

    /// The file of the log.
    package var path: String { databasePath + "-wal" }

    /// What a look at the log found.
    package struct Findings: Equatable {
        /// Transactions that SQLite recovers.
        package var commitCount = 0

        /// Their frames.
        package var committedFrameCount = 0

        /// What must not be opened, or nothing.
        package var damage: LogDamage?
    }

    /// Walks through the log; `LogScan` and `HeadlessLog` tell what is damage and what a crash can leave.
    ///
    /// Reads the log once, in bounded memory.
    package func inspect() throws(SQLiteStoreError) -> Findings {
        guard let file = try RawFile(path: path), file.sizeBytes > LogHeader.sizeBytes else { return Findings() }
        let database = try RawFile(path: databasePath)
        let head = try file.bytes(at: 0, count: LogHeader.sizeBytes)
        guard let header = head.withUnsafeBytes(LogHeader.init) else {
            return try inspectHeadless(file, head: head, database: database)
        }
        var scan = LogScan(header: header)
        try LogFile(file: file, pageSize: header.pageSize).forEachFrame { frame in
            scan.take(frame)
            return true
        }
        var findings = Findings(
            commitCount: scan.commitCount,
            committedFrameCount: scan.committedFrameCount
        )
        let commits = scan.commitCount + scan.commitsBeyond
        if database.map({ $0.sizeBytes == 0 }) ?? true, commits > 0 {
            findings.damage = .noDatabase(commits: commits)
        } else if scan.isDamaged, let offset = scan.firstBadOffset {
            // A transaction that is known by its pages alone has lost its mark.
            findings.damage = .frame(offset: offset, commits: max(1, scan.commitsBeyond))
        }
        return findings
    }

    private func inspectHeadless(
        _ file: RawFile,
        head: [UInt8],
        database: RawFile?
    ) throws(SQLiteStoreError) -> Findings {
        let log = LogFile(file: file, pageSize: try pageSize(of: database))
        for order in [LogChecksum.ByteOrder.little, .big] {
            var frames = head.withUnsafeBytes { HeadlessLog(header: $0, order: order) }
            try log.forEachFrame { frame in
                frames.take(frame)
                return true
            }
            guard frames.commitCount > 0 else { continue }
            guard let database, database.sizeBytes > 0 else {
                return Findings(damage: .noDatabase(commits: frames.commitCount))
            }
            if try !frames.isCheckpointed(in: database, log: log) {
                return Findings(damage: .header(commits: frames.commitCount))
            }
        }
        return Findings()
    }

    /// The page size as the database's own header has it; that of a new database if there is none.
    private func pageSize(of database: RawFile?) throws(SQLiteStoreError) -> Int {
        let bytes = try database?.bytes(at: 16, count: 2) ?? []
        guard bytes.count == 2 else { return DatabaseSettings.pageSize }
        let size = Int(bytes[0]) << 8 | Int(bytes[1])
        return [512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768].contains(size) ? size : DatabaseSettings.pageSize
    }

    /// Copies the log to a file beside it that keeps it as it is, synced.
    ///
    /// - Returns: the path of the copy.
    package func setAside() throws(SQLiteStoreError) -> String {
        var number = 1
        while FileManager.default.fileExists(atPath: "\(path).damaged-\(number)") { number += 1 }
        let copy = "\(path).damaged-\(number)"
        do {
            try FileManager.default.copyItem(atPath: path, toPath: copy)
        } catch {
            // A part of it would look like a log that was kept.
            unlink(copy)
            throw .fileUnreadable(path, reason: "it can't be copied to \(copy)")
        }
        for name in [copy, URL(fileURLWithPath: copy).deletingLastPathComponent().path] {
            let descriptor = open(name, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0, fsync(descriptor) == 0 else {
                let reason = String(cString: strerror(errno))
                if descriptor >= 0 { close(descriptor) }
                throw .fileUnreadable(name, reason: reason)
            }
            close(descriptor)
        }
        return copy
    }
}
