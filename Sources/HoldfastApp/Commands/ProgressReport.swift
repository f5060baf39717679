internal import SQLiteStore

/// Tells whoever waits for a backup how far it is: a line a second, and one at the end.
struct ProgressReport {
    private let path: String
    private let started = ContinuousClock.now
    private var toldAt: ContinuousClock.Instant?

    init(path: String) {
        self.path = path
    }

    /// Tells it on standard error, unless it was told within the last second.
    mutating func tell(_ progress: BackupProgress) {
        let now = ContinuousClock.now
        if let toldAt, now - toldAt < .seconds(1) { return }
        toldAt = now
        StandardError.write(line: "\(Self.text(of: progress))")
    }

    /// Tells on standard output that the backup is there.
    func tellEnd(pageCount: Int) {
        let seconds =
            Double((ContinuousClock.now - started).components.attoseconds / 100_000_000_000_000_000) / 10
            + Double((ContinuousClock.now - started).components.seconds)
        let mebibytes = pageCount * BackupProgress.pageSizeBytes / 1_048_576
        print("backed up \(pageCount) pages (\(mebibytes) MiB) to \(LogText.escaped(path)) in \(seconds) s")
    }

    /// Such as `1024 of 4096 pages, 25 %`.
    static func text(of progress: BackupProgress) -> String {
        let percent = progress.pageCount == 0 ? 100 : progress.copiedPageCount * 100 / progress.pageCount
        return "\(progress.copiedPageCount) of \(progress.pageCount) pages, \(percent) %"
    }
}
