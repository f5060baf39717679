/// How many pages of a backup may be copied, and when.
package struct BackupPace {
    /// Pages of one step at most; time bounds it besides.
    package static let stepPagesMax = 512

    /// Pages of a step of a backup that has no reason for more.
    private static let stepPages: Int64 = 64

    private static let second: Int64 = 1_000_000_000

    /// Nothing for as fast as it goes.
    private let pagesPerSecond: Int64?
    private var lastNanoseconds: Int64
    private var lastPageCount: Int?
    /// Pages that may be copied, times a second in nanoseconds.
    private var earned: Int64 = 0
    /// Pages that the database has grown by, which come on top.
    private var grown: Int64 = 0

    /// Begins now, with nothing earned yet.
    package init(bytesPerSecond: Int?, nanoseconds: Int64) {
        pagesPerSecond = bytesPerSecond.map { max(1, Int64(min($0, 1 << 40) / BackupProgress.pageSizeBytes)) }
        lastNanoseconds = nanoseconds
    }

    /// Nanoseconds to wait for the next step that is worth it; zero for none.
    package mutating func wait(nanoseconds: Int64) -> Int64 {
        guard let pagesPerSecond else { return 0 }
        earn(nanoseconds: nanoseconds, pagesPerSecond)
        // Fifty steps a second at most, unless that would make them large.
        let quantum = min(max(1, pagesPerSecond / 50), BackupPace.stepPages)
        let missing = (quantum - grown) * BackupPace.second - earned
        return missing <= 0 ? 0 : (missing + pagesPerSecond - 1) / pagesPerSecond
    }

    /// Pages that the step which is made now may copy; at least one.
    package mutating func takeStep(nanoseconds: Int64) -> Int {
        guard let pagesPerSecond else { return BackupPace.stepPagesMax }
        earn(nanoseconds: nanoseconds, pagesPerSecond)
        return Int(min(max(1, earned / BackupPace.second + grown), Int64(BackupPace.stepPagesMax)))
    }

    /// To be told what a step has copied, and how large the database was then.
    package mutating func stepped(copiedPages: Int, pageCount: Int) {
        // What comes behind the pages that were there is copied besides, or the end might never be reached.
        grown += Int64(max(0, pageCount - (lastPageCount ?? pageCount)))
        lastPageCount = pageCount
        // What was earned first: else what the database grows by could use all of it up.
        let fromEarned = min(earned / BackupPace.second, Int64(copiedPages))
        earned -= fromEarned * BackupPace.second
        let rest = Int64(copiedPages) - fromEarned
        if rest > grown { earned = 0 }
        grown = max(0, grown - rest)
    }

    private mutating func earn(nanoseconds: Int64, _ pagesPerSecond: Int64) {
        // A tenth of a second is made up for after a pause, not more: no bursts.
        let elapsed = min(max(0, nanoseconds - lastNanoseconds), BackupPace.second / 10)
        lastNanoseconds = max(lastNanoseconds, nanoseconds)
        let earnedMax = max(pagesPerSecond / 10, BackupPace.stepPages) * BackupPace.second
        earned = min(earned + elapsed * pagesPerSecond, earnedMax)
    }
}
