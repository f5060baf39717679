import QueueModel

/// Where the deduplication ids of the last minutes are, in the order in which they came.
///
/// The ids themselves are on disk alone. Kept here, and read from there at each start, is what nearly always tells
/// without a look at them that an id is new: a filter for each minute, and one for each run of some hundreds of ids,
/// which tells where an id that is not new has to be looked for. About five bytes for each id.
struct DeduplicationWindow {
    /// Rows that follow each other, and what may be in them.
    private struct Run {
        var filter = IdFilter(expecting: DeduplicationWindow.idsPerRun)

        /// The numbers of its rows; nothing before the first is written.
        var rows: ClosedRange<Int64>?
    }

    private struct Minute {
        let minute: Int64
        var filter: IdFilter
        var runs = [Run()]
    }

    /// Few enough to be looked through, and many enough for few runs in a minute.
    private static let idsPerRun = 512

    private static let minuteMilliseconds: Int64 = 60_000

    /// Minutes before the present one that can hold an id that still counts.
    private static let minutesBack = Int64(Deduplication.intervalSeconds) * 1_000 / minuteMilliseconds

    private var minutes: [Minute] = []

    /// Whether an id may have been noted within the time that counts; if not, it was not.
    func mayHold(_ hash: SipHash.Value, now: Timestamp) -> Bool {
        let first = DeduplicationWindow.firstMinute(now)
        return minutes.contains { $0.minute >= first && $0.filter.mayHold(hash.first) }
    }

    /// The rows in which an id may be, the earliest first.
    func rows(of hash: SipHash.Value, now: Timestamp) -> [ClosedRange<Int64>] {
        let first = DeduplicationWindow.firstMinute(now)
        var found: [ClosedRange<Int64>] = []
        for minute in minutes where minute.minute >= first && minute.filter.mayHold(hash.first) {
            for run in minute.runs where run.filter.mayHold(hash.second) {
                if let rows = run.rows { found.append(rows) }
            }
        }
        return found
    }

    /// Notes an id that is going to be in the next row, which is to be told before an id of another minute comes.
    mutating func note(_ hash: SipHash.Value, now: Timestamp) {
        let minute = now.milliseconds / DeduplicationWindow.minuteMilliseconds
        if minutes.last?.minute != minute {
            let first = DeduplicationWindow.firstMinute(now)
            minutes.removeAll { $0.minute < first }
            // As many as in the minute before, and some more.
            let count = minutes.last?.filter.count ?? 0
            minutes.append(Minute(minute: minute, filter: IdFilter(expecting: count + count / 4)))
        }
        let last = minutes.count - 1
        minutes[last].filter.note(hash.first)
        minutes[last].runs[minutes[last].runs.count - 1].filter.note(hash.second)
    }

    /// Tells in which row the ids are that were noted since the last one.
    mutating func written(row: Int64) {
        guard let minute = minutes.indices.last, let run = minutes[minute].runs.indices.last else { return }
        let first = minutes[minute].runs[run].rows?.lowerBound ?? row
        minutes[minute].runs[run].rows = first...row
        if minutes[minute].runs[run].filter.count >= DeduplicationWindow.idsPerRun {
            minutes[minute].runs.append(Run())
        }
    }

    private static func firstMinute(_ now: Timestamp) -> Int64 {
        now.milliseconds / minuteMilliseconds - minutesBack
    }
}
