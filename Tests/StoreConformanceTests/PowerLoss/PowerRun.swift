import Foundation
import Logging
import QueueModel
import ReferenceStore
import SQLite
import SQLiteStore
import Synchronization

/// One seed's run: random commands for a store whose disk loses power now and then.
///
/// What was answered must be there, and nothing else but what the one unanswered batch did, all of it or nothing.
struct PowerRun {
    /// What a run did, so that a test can see that it was worth something.
    struct Report {
        /// Images of a disk after a power cut that were opened and judged.
        var images = 0
        /// Ends of lives by where they happened.
        var cuts: [String: Int] = [:]
        var commits = 0
        var checkpoints = 0
    }

    /// Where a store was not what it should be.
    struct Difference: Error, CustomStringConvertible {
        let seed: UInt64
        let what: String
        let details: String
        let replay: String

        var description: String {
            """
            In seed \(seed): \(what)
            \(details)
            Replay: \(replay)
            """
        }
    }

    let seed: UInt64
    let weakness: Weakness
    let keepsHistory: Bool
    let clock = ManualClock()
    var random: SplitMix64
    var generator: ModelGenerator
    var candidates: Candidates
    var disk: Disk
    var report = Report()
    var history: [String] = []
    var configuration: SQLiteStoreConfiguration

    /// The command that runs it again.
    var replay: String

    /// Whether the fault of the disk is that it is full.
    var isDiskFull = false

    /// Changes to the disk up to the moment when the store told that it had failed.
    var changesAtFailure: Int?

    /// A receipt handle that was given out, which must stay good.
    var handle: (text: String, receipt: Receipt)?

    init(seed: UInt64, weakness: Weakness = .none, keepsHistory: Bool = false) throws {
        self.seed = seed
        replay = "HOLDFAST_TEST_POWER_SEED=\(seed) swift test --filter PowerLossTests"
        self.weakness = weakness
        self.keepsHistory = keepsHistory
        random = SplitMix64(seed: seed &* 0x9E37_79B9)
        generator = ModelGenerator(seed: seed, kinds: Set(ModelSettings.Kind.allCases))
        candidates = Candidates(clock: clock, inFlightMessagesMax: generator.inFlightMessagesMax)
        disk = try Disk(seed: random.next())
        var configuration = SQLiteStoreConfiguration()
        configuration.inFlightMessagesMax = generator.inFlightMessagesMax
        // A batch never holds more steps of move tasks than it may do, so all of its commands are done in it.
        configuration.batchCommandsMax = random.one(of: [1, 2, 3, 4])
        configuration.checkpointPages = random.one(of: [4, 16, 50, 150, 4_096])
        configuration.groupBuffer.buckets = 4
        configuration.groupBuffer.cacheSets = 1...2
        configuration.groupBuffer.changesPerBucket = random.one(of: [1, 2, 16])
        configuration.isEachCommitSynced = weakness != .commitsAreNotSynced
        configuration.room = { FreeSpace.Room(freeSizeBytes: 1 << 40, reservedSizeBytes: 0) }
        self.configuration = configuration
    }

    /// Runs to the end, or throws the first `Difference`.
    mutating func run() throws {
        for life in 0..<random.number(in: 1...3) {
            try live(isFirst: life == 0)
            try end()
        }
        try liveToTheEnd()
    }

    /// A life with the disk that loses power.
    private mutating func live(isFirst: Bool) throws {
        let steps = random.number(in: 1...random.one(of: [3, 40, 40]))
        let plan = PowerPlan.draw(&random, steps: steps, isFirstStart: isFirst)
        note("a start; the power is to be cut \(plan)")
        disk.lie(aboutLog: weakness == .logIsNotSynced, aboutDatabase: weakness == .databaseIsNotSynced)
        if case .opening(let change) = plan { disk.crash(after: change) }
        if case .checkpoint(let number, let change) = plan { disk.crash(inCheckpoint: number, after: change) }
        let failures = Failures()
        guard let store = try open(disk, vfsName: disk.vfsName, failures) else {
            count("opening")
            return
        }
        defer { store.close() }
        try judge(store, "after the start")
        // The end of the last life may have undone a sweep, and what is expired counts as in flight until it is swept.
        try sweep(store, rowsMax: 500)
        for step in 0..<steps where !disk.hasCrashed {
            if case .commands(step, let change) = plan { disk.crash(after: change) }
            if case .sync(step, let number) = plan { disk.crash(atSync: number) }
            try next(store)
        }
        let hasCrashed = disk.hasCrashed
        if case .closing(let change) = plan { disk.crash(after: change) }
        report.commits += store.counters.commits
        report.checkpoints += store.counters.checkpoints
        store.close()
        if hasCrashed {
            count(disk.hasCrashedInCheckpoint ? "checkpoint" : "running")
        } else {
            count(disk.hasCrashed ? "closing" : "closed")
        }
        // The last thing of a stop is to take the empty log away, and nobody minds if that fails.
        let expected = hasCrashed ? 1...1 : disk.hasCrashed ? 0...1 : 0...0
        guard expected.contains(failures.count) else {
            throw difference("the store told of \(failures.count) failures", "")
        }
    }

    /// The end of a life: mostly of the power, else of the process only.
    private mutating func end() throws {
        generator.learnOfRestart()
        clock.advance(milliseconds: Int64(generator.clockStep()))
        guard random.isTrue(percent: 70) else {
            note("the process ends")
            disk.endProcess()
            return
        }
        note("the power is cut")
        disk.crash()
        let after = try disk.afterPowerCut(seed: random.next())
        let other = try disk.afterPowerCut(seed: random.next())
        try look(at: other)
        disk = after
        report.images += 2
    }

    /// Opens another image of the same power cut, which tells nothing about the one that the run goes on with.
    mutating func look(at image: Disk) throws {
        let failures = Failures()
        guard let store = try open(image, vfsName: nil, failures) else { return }
        defer { store.close() }
        if let details = candidates.difference(from: try store.snapshot()) {
            throw difference("the state after a power cut", details)
        }
        store.close()
        try checkIntegrity(of: image)
    }

    /// The last life, on a disk that is as it should be.
    private mutating func liveToTheEnd() throws {
        note("the last start")
        let failures = Failures()
        guard let store = try open(disk, vfsName: nil, failures) else { return }
        defer { store.close() }
        try judge(store, "after the last start")
        try sweep(store, rowsMax: 500)
        for _ in 0..<random.number(in: 5...25) {
            try next(store)
            try judge(store, "after a group of commands")
        }
        store.close()
        guard failures.count == 0 else { throw difference("the store failed on a good disk", "") }
        try checkIntegrity(of: disk)
    }

    private func checkIntegrity(of disk: Disk) throws {
        let connection = try Connection(path: disk.directory + "/holdfast.db")
        let answer = try connection.text("pragma integrity_check")
        try connection.close()
        guard answer == "ok" else { throw difference("the database is damaged", answer ?? "") }
    }

    /// Nothing if the start failed because the power was cut.
    mutating func open(_ disk: Disk, vfsName: String?, _ failures: Failures) throws -> SQLiteStore? {
        var configuration = configuration
        configuration.vfsName = vfsName
        do {
            let store = try SQLiteStore(
                directory: disk.directory,
                clock: clock,
                configuration: configuration,
                logger: Logger(label: "power", factory: { _ in SwiftLogNoOpLogHandler() }),
                onFailure: { failures.add($0) }
            )
            if let handle, store.receiptSeal.open(handle.text) != handle.receipt {
                store.close()
                throw difference("a receipt handle from before is not good any more", "")
            }
            return store
        } catch let error as Difference {
            throw error
        } catch {
            guard vfsName != nil, disk.hasFailed else { throw difference("the start failed", "\(error)") }
            note("the start failed: \(error)")
            return nil
        }
    }

    private mutating func count(_ place: String) {
        report.cuts[place, default: 0] += 1
    }

    mutating func note(_ event: @autoclosure () -> String) {
        guard keepsHistory else { return }
        let text = event()
        history.append(text.count > 6000 ? "\(text.prefix(6000))..." : text)
    }

    func difference(_ what: String, _ details: String) -> Difference {
        let told = history.suffix(30).map { "\n  \($0)" }.joined()
        return Difference(
            seed: seed,
            what: what.count > 1_500 ? "\(what.prefix(1_500))..." : what,
            details: "\(details.prefix(6_000))" + (history.isEmpty ? "" : "\nBefore it:\(told)"),
            replay: replay
        )
    }
}

/// Failures that a store told of.
final class Failures: Sendable {
    private let errors = Mutex<[String]>([])

    func add(_ error: any Error) {
        errors.withLock { $0.append("\(error)") }
    }

    var count: Int { errors.withLock { $0.count } }

    var text: String { errors.withLock { $0.joined(separator: "; ") } }
}
