import SQLite

/// The copy itself, made step by step on the thread that has the database.
///
/// It is made and ended on one thread and stepped on another, never on both at once.
final class BackupCopy: @unchecked Sendable {
    /// How far a step has come.
    struct Step {
        let progress: BackupProgress
        let copiedPages: Int
        let isWhole: Bool
    }

    /// Pages that are copied without a look at the clock.
    private static let pagesUntimed = 16

    private let destination: Connection
    private var backup: Backup?
    private var copied = 0

    /// Opens an empty file to copy to.
    init(path: String, pagesMax: Int?) throws(SQLiteError) {
        destination = try Connection(path: path)
        // Nobody reads the file before it is whole and synced by other means: no journal, no syncs. What is written
        // goes to the system soon, so that the last step has little left to write.
        try destination.execute(
            """
            pragma page_size = 4096;
            pragma journal_mode = off;
            pragma synchronous = off;
            pragma cache_size = 256;
            pragma mmap_size = 0;
            """
        )
        if let pagesMax {
            try destination.execute("pragma max_page_count = \(pagesMax)")
        }
    }

    /// Copies up to so many pages, fewer if that takes longer than it should.
    ///
    /// Runs where the source's connection may be used, outside of a transaction.
    func step(
        from source: Connection,
        pagesMax: Int,
        nanosecondsMax: Int64,
        now: () -> Int64
    ) throws(SQLiteError) -> Step {
        let started = now()
        do throws(SQLiteError) {
            let backup = try begun(from: source)
            let copiedBefore = copied
            var left = pagesMax
            var isWhole = false
            repeat {
                let pages = min(left, BackupCopy.pagesUntimed)
                isWhole = try backup.step(pages: pages)
                left -= pages
            } while !isWhole && left > 0 && now() - started < nanosecondsMax
            let progress = BackupProgress(
                pageCount: backup.pageCount,
                copiedPageCount: backup.pageCount - backup.remainingPageCount
            )
            copied = progress.copiedPageCount
            if isWhole { end() }
            return Step(progress: progress, copiedPages: max(0, copied - copiedBefore), isWhole: isWhole)
        } catch {
            end()
            throw error
        }
    }

    private func begun(from source: Connection) throws(SQLiteError) -> Backup {
        if let backup { return backup }
        let begun = try Backup(from: source, to: destination)
        backup = begun
        return begun
    }

    /// Lets go of the source; runs where its connection may be used.
    func end() {
        backup?.end()
        backup = nil
    }

    /// Closes the copy's file.
    func close() throws(SQLiteError) {
        try destination.close()
    }
}
