import Dispatch
import QueueModel
import Testing

@Suite struct ModelTests {
    /// 500 runs of 300 commands; `ModelSettings` says how to run others, or one again.
    @Test(arguments: StoreKind.underTest.filter { $0 != .reference })
    func `a store does what the reference store does, command by command`(kind: StoreKind) {
        ModelRun.runAll(kind, ModelSettings())
    }
}

@Suite struct ClockModelTests {
    /// 150 runs of 300 commands on the clock of a store in use.
    @Test(arguments: StoreKind.persistent)
    func `a store does what the reference store does while the wall clock jumps and stands still`(kind: StoreKind) {
        ModelRun.runAll(kind, ModelSettings(seedCount: 150), hasBadWallClock: true)
    }
}

extension ModelRun {
    /// Runs all seeds, on all cores, and records the first differences.
    fileprivate static func runAll(_ kind: StoreKind, _ settings: ModelSettings, hasBadWallClock: Bool = false) {
        let differences = Gathered<String>()
        DispatchQueue.concurrentPerform(iterations: settings.seeds.count) { index in
            do {
                var run = try ModelRun(
                    kind,
                    seed: settings.seeds[index],
                    commandCount: settings.commandCount,
                    kinds: settings.kinds,
                    hasBadWallClock: hasBadWallClock,
                    keepsHistory: settings.seeds.count == 1
                )
                try run.run()
            } catch {
                differences.append("\(error)")
            }
        }
        let all = differences.take()
        for difference in all.prefix(3) {
            Issue.record("\(difference)")
        }
        #expect(all.count == 0, "\(all.count) of \(settings.seeds.count) seeds found a difference")
    }
}
