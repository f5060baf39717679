import Dispatch
import QueueModel
import Testing

@Suite struct ModelTests {
    /// 500 runs of 300 commands; `ModelSettings` says how to run others, or one again.
    @Test(arguments: StoreKind.underTest.filter { $0 != .reference })
    func `a store does what the reference store does, command by command`(kind: StoreKind) {
        let settings = ModelSettings()
        let differences = Gathered<String>()
        DispatchQueue.concurrentPerform(iterations: settings.seeds.count) { index in
            do {
                var run = try ModelRun(
                    kind,
                    seed: settings.seeds[index],
                    commandCount: settings.commandCount,
                    kinds: settings.kinds,
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
