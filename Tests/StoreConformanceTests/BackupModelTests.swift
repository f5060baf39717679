import Dispatch
import Foundation
import Logging
import QueueModel
import ReferenceStore
import SQLiteStore
import Synchronization
import Testing

/// Random commands before a backup and between its steps.
@Suite struct BackupModelTests {
    /// What the steps of a backup share with the test; used by one thread after another.
    private final class Run: @unchecked Sendable {
        let clock = ManualClock()
        let store: SQLiteStore
        var generator: ModelGenerator
        var nanoseconds: Int64 = 0
        var steps = 0

        init(seed: UInt64, directory: String) throws {
            generator = ModelGenerator(seed: seed, kinds: Set(ModelSettings.Kind.allCases))
            store = try BackupModelTests.open(directory, clock, generator)
        }

        func carryOut(_ commandCount: Int) {
            for _ in 0..<commandCount {
                clock.advance(milliseconds: Int64(generator.clockStep()))
                switch generator.step(canRestart: false) {
                case .commands(let commands):
                    let outcomes = store.apply(commands)
                    for (command, outcome) in zip(commands, outcomes) { generator.learn(command, outcome) }
                case .sweep(let rowsMax):
                    _ = store.apply(.sweep(SweepCommand(rowsMax: rowsMax)))
                case .counts, .restart:
                    break
                }
            }
        }
    }

    private static func open(_ path: String, _ clock: ManualClock, _ generator: ModelGenerator) throws -> SQLiteStore {
        var configuration = SQLiteStoreConfiguration()
        configuration.inFlightMessagesMax = generator.inFlightMessagesMax
        return try SQLiteStore(
            directory: path,
            clock: clock,
            configuration: configuration,
            logger: Logger(label: "backup", factory: { _ in SwiftLogNoOpLogHandler() }),
            onFailure: { error in preconditionFailure("the store failed: \(error)") }
        )
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `a restored backup is what the store held at the backup's last step`(seed: UInt64) throws {
        let place = FileManager.default.temporaryDirectory.path + "/holdfast-backup-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: place) }
        let run = try Run(seed: seed, directory: place + "/data")
        defer { run.store.close() }
        run.carryOut(100)

        let timing = BackupTiming(
            now: { run.nanoseconds },
            wait: { nanoseconds, _ in
                run.nanoseconds += nanoseconds
                run.steps += 1
                run.carryOut(5)
                return false
            }
        )
        let result = Mutex<Result<BackupProgress, BackupError>?>(nil)
        let isDone = DispatchSemaphore(value: 0)
        let request = BackupRequest(path: place + "/backup.db", bytesPerSecond: 800_000)
        _ = try run.store.backUp(request, timing: timing, pagesMax: nil, onProgress: { _ in }) { end in
            result.withLock { $0 = end }
            isDone.signal()
        }
        isDone.wait()
        #expect(throws: Never.self) { try #require(result.withLock { $0 }).get() }
        #expect(run.steps >= 8)

        _ = try Restore(from: place + "/backup.db", into: place + "/restored", isReplacing: false).run { _ in }
        let restored = try BackupModelTests.open(place + "/restored", run.clock, run.generator)
        defer { restored.close() }
        let difference = try run.store.snapshot().difference(from: restored.snapshot())
        #expect(difference == nil, "seed \(seed)")
        // It is a store like any other.
        try finish(run, on: restored)
    }

    private func finish(_ run: Run, on restored: SQLiteStore) throws {
        for queue in run.generator.queues {
            let command = Command.describeQueue(DescribeQueueCommand(queue: queue, includesCounts: true))
            #expect(restored.apply(command) == run.store.apply(command))
        }
    }
}
