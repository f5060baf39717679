import SQLiteStore
import Testing

struct BackupPaceTests {
    private static let second: Int64 = 1_000_000_000

    /// Copies until so many pages are done or an hour is over; nanoseconds it took.
    private func nanoseconds(
        pages: Int,
        bytesPerSecond: Int?,
        stepNanoseconds: Int64 = 100_000,
        growthPerStep: Int = 0
    ) -> Int64 {
        var now: Int64 = 5
        var pace = BackupPace(bytesPerSecond: bytesPerSecond, nanoseconds: now)
        var pageCount = pages
        var copied = 0
        while now < 3_600 * Self.second {
            let step = min(pace.takeStep(nanoseconds: now), pageCount - copied)
            copied += step
            now += stepNanoseconds
            if copied == pageCount { break }
            pageCount += growthPerStep
            pace.stepped(copiedPages: step, pageCount: pageCount)
            now += pace.wait(nanoseconds: now)
        }
        return now - 5
    }

    @Test(arguments: [4_096, 20_000, 1_048_576, 33_554_432, 400_000_000])
    func `no more bytes are copied in a second than asked for, and hardly fewer`(bytesPerSecond: Int) {
        let pages = max(20, bytesPerSecond / 4_096 * 10)
        let seconds = Double(nanoseconds(pages: pages, bytesPerSecond: bytesPerSecond)) / Double(Self.second)
        let expected = Double(pages * 4_096) / Double(bytesPerSecond)
        #expect(seconds > expected * 0.94)
        #expect(seconds < expected * 1.25 + 0.1)
    }

    @Test func `a step is never large, whatever was missed before`() {
        var pace = BackupPace(bytesPerSecond: 1_000_000_000, nanoseconds: 0)
        #expect(pace.takeStep(nanoseconds: 0) == 1)
        #expect(pace.takeStep(nanoseconds: 1_000 * Self.second) == BackupPace.stepPagesMax)
        var slow = BackupPace(bytesPerSecond: 4_096_000, nanoseconds: 0)
        _ = slow.wait(nanoseconds: 1_000 * Self.second)
        var burst = 0
        while slow.wait(nanoseconds: 1_000 * Self.second) == 0 {
            let pages = slow.takeStep(nanoseconds: 1_000 * Self.second)
            slow.stepped(copiedPages: pages, pageCount: 1_000_000)
            burst += pages
        }
        #expect(burst <= 100)
    }

    @Test func `without a rate nothing waits`() {
        var pace = BackupPace(bytesPerSecond: nil, nanoseconds: 0)
        #expect(pace.takeStep(nanoseconds: 0) == BackupPace.stepPagesMax)
        #expect(pace.wait(nanoseconds: 0) == 0)
    }

    @Test func `a database that grows faster than the rate is copied to its end`() {
        // 1,000 pages at 100 a second, and 20 more come with each of the fifty steps a second.
        let nanoseconds = nanoseconds(pages: 1_000, bytesPerSecond: 409_600, growthPerStep: 20)
        #expect(nanoseconds < 20 * Self.second)
    }
}
