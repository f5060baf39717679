import Dispatch
import Synchronization
import Testing

@Suite struct FailingDiskTests {
    private static let settings = FaultSettings()

    /// Every sync, open, truncate and delete of a scenario of all operations, from the making of the database over
    /// checkpoints to the stop, and every so many of the reads and writes; `FaultSettings` says how to make others, or
    /// one again.
    @Test(arguments: settings.kinds)
    func `a disk that fails brings an error and never a false answer, and what was answered is there`(kind: FaultKind) {
        for seed in FailingDiskTests.settings.seeds {
            let faults = go(through: kind, seed: seed)
            print("faults: \(kind.testDescription), seed \(seed): \(faults) were tried")
            #expect(faults > 0, "the scenario does not get to such a fault")
        }
    }

    /// As far behind the write that finds no room as what the store then does goes, and further.
    @Test(arguments: settings.kinds.filter(\.isFull))
    func `a power cut soon after a disk was full loses nothing, and looks like no damage`(kind: FaultKind) {
        for seed in FailingDiskTests.settings.seeds {
            let cuts = Atomic(0)
            _ = go(through: kind, seed: seed) { run, fault in
                let isReached = fault.number < FailingDiskTests.cutFaultsMax
                // There are more changes than writes.
                let change = fault.number + fault.number / 8 + fault.number % 23
                let pages = [12, 50, 4_096][fault.number % 3]
                if try isReached && run.run(with: fault, cutAfter: change, checkpointPages: pages) {
                    cuts.wrappingAdd(1, ordering: .relaxed)
                }
                return isReached
            }
            let count = cuts.load(ordering: .relaxed)
            #expect(count > 0)
            print("faults: \(kind.testDescription), then a power cut, seed \(seed): \(count)")
        }
    }

    /// Writes that a scenario gets to at most before the power goes.
    private static let cutFaultsMax = 400

    /// Goes on until a run tells that the scenario has ended before its fault; how many faults that were.
    private func go(
        through kind: FaultKind,
        seed: UInt64,
        _ go: @escaping @Sendable (inout PowerRun, DiskFault) throws -> Bool = { try $0.run(with: $1) }
    ) -> Int {
        let hits = Atomic(0)
        let next = Atomic(0)
        let isOver = Atomic(false)
        let differences = Gathered<(number: Int, text: String)>()
        DispatchQueue.concurrentPerform(iterations: 2) { _ in
            while !isOver.load(ordering: .relaxed) {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard let number = FailingDiskTests.settings.number(at: index, of: kind) else { break }
                let fault = DiskFault(kind: kind, number: number)
                do {
                    var run = try PowerRun(seed: seed, keepsHistory: true)
                    guard try go(&run, fault) else {
                        isOver.store(true, ordering: .relaxed)
                        break
                    }
                } catch {
                    differences.append((number, "\(fault): \(error)"))
                }
                hits.wrappingAdd(1, ordering: .relaxed)
            }
        }
        record(differences.take().sorted { $0.number < $1.number }, of: kind, seed: seed)
        return hits.load(ordering: .relaxed)
    }

    /// The first differences as they are, of the others in short, with the lines that run them again.
    private func record(_ differences: [(number: Int, text: String)], of kind: FaultKind, seed: UInt64) {
        for difference in differences.prefix(3) {
            Issue.record("\(difference.text)")
        }
        for difference in differences.dropFirst(3) {
            let fault = DiskFault(kind: kind, number: difference.number)
            Issue.record("\(difference.text.prefix { $0 != "\n" })\nReplay: \(fault.replay(seed: seed))")
        }
    }
}
