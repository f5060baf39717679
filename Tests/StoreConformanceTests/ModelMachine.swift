import QueueModel
import SQLiteStore

/// A run's machine with a bad wall clock, and the judge of what the store makes of it.
///
/// The store's time may differ from the monotonic clock by one part in a thousand. It starts at the wall clock, but
/// never before the moment of the last commit.
struct ModelMachine {
    let machine = TestMachine()

    private var random: SplitMix64
    /// The latest moment that the store has shown since it was opened.
    private var now = Timestamp(milliseconds: 0)
    private var lastWritten = Timestamp(milliseconds: 0)
    private var commits = 0
    /// Where the store's time should have started, and the milliseconds of the monotonic clock since.
    private var startedAt: Timestamp
    private var elapsedMilliseconds: Int64 = 0

    init(seed: UInt64) {
        random = SplitMix64(seed: ~seed)
        startedAt = machine.wall
    }

    /// Lets time go by and mostly nothing else; now and then the wall clock is set, stops or runs again.
    ///
    /// - Returns: what happened to the wall clock, for the history.
    mutating func advance(milliseconds: Int) -> String {
        machine.advance(milliseconds: Int64(milliseconds))
        elapsedMilliseconds += Int64(milliseconds)
        switch random.number(in: 1...100) {
        case ...4:
            let seconds = random.one(of: [3_600, -3_600, 3_600, -3_600, 86_400, -400_000, 1, -1])
            machine.setWall(forwardSeconds: seconds)
            return "set by \(seconds) s"
        case ...7:
            machine.stopWall(true)
            return "stopped"
        case ...13:
            machine.stopWall(false)
            return "running"
        default:
            return "left alone"
        }
    }

    /// Takes note of what the store has done since the last look.
    mutating func noteCommits(of store: TestStore) {
        guard let counters = (store.store as? SQLiteStore)?.counters, counters.commits != commits else { return }
        commits = counters.commits
        lastWritten = store.now
    }

    /// What is wrong with the time that a store shows, or nothing.
    mutating func fault(of present: Timestamp) -> String? {
        defer { now = present }
        if present < now { return "time went back from \(now) to \(present)" }
        let difference = present.milliseconds - startedAt.milliseconds - elapsedMilliseconds
        // Time that went by is rounded to whole milliseconds; a start is exact.
        let allowed = elapsedMilliseconds == 0 ? 0 : elapsedMilliseconds / 1_000 + 1
        if abs(difference) > allowed {
            return "\(elapsedMilliseconds) ms after a start at \(startedAt) it is \(present)"
        }
        return nil
    }

    /// To be called when the store has been opened again.
    mutating func noteRestart() {
        now = Timestamp(milliseconds: 0)
        startedAt = max(machine.wall, lastWritten)
        elapsedMilliseconds = 0
        commits = 0
    }
}
