import Dispatch
import Testing

@Suite struct PowerLossTests {
    /// 300 runs; `PowerSettings` says how to make others, or one again.
    @Test func `what was answered survives a power cut at any moment, and half of a batch never does`() {
        let settings = PowerSettings()
        let differences = Gathered<String>()
        let reports = Gathered<PowerRun.Report>()
        DispatchQueue.concurrentPerform(iterations: settings.seeds.count) { index in
            do {
                var run = try PowerRun(seed: settings.seeds[index], keepsHistory: settings.seeds.count == 1)
                try run.run()
                reports.append(run.report)
            } catch {
                differences.append("\(error)")
            }
        }
        let all = differences.take()
        for difference in all.prefix(3) {
            Issue.record("\(difference)")
        }
        #expect(all.count == 0, "\(all.count) of \(settings.seeds.count) seeds found a difference")
        let done = reports.take()
        let cuts = done.reduce(into: [:]) { sum, report in sum.merge(report.cuts) { $0 + $1 } }
        print(
            "power cuts: \(settings.seeds.count) seeds, \(done.reduce(0) { $0 + $1.images }) images judged, "
                + "ends of lives \(cuts), \(done.reduce(0) { $0 + $1.commits }) commits, "
                + "\(done.reduce(0) { $0 + $1.checkpoints }) checkpoints"
        )
        if settings.seeds.count >= 100 {
            #expect(Set(cuts.keys) == ["opening", "running", "checkpoint", "closing", "closed"])
        }
    }

    @Test(arguments: [Weakness.commitsAreNotSynced, .logIsNotSynced, .databaseIsNotSynced])
    func `a missing sync is found`(weakness: Weakness) {
        let found = (1...100).first { seed in
            do {
                var run = try PowerRun(seed: UInt64(seed), weakness: weakness)
                try run.run()
                return false
            } catch is PowerRun.Difference {
                return true
            } catch {
                Issue.record("seed \(seed) ended in another way: \(error)")
                return false
            }
        }
        print("\(weakness) is found by seed \(found ?? 0)")
        #expect(found != nil)
    }
}
