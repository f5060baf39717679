import Benchmark
import SQLiteStore

/// Measures the cases in turns, so that a slow minute of the machine falls on all of them.
struct StoreScenario {
    let sizes: StoreSizes
    let rounds: Int
    let commits: Int
    let directory: String
    let configuration: SQLiteStoreConfiguration

    func run(_ cases: [StoreCase], _ yardstick: SQLiteYardstick, into report: inout StoreReport) throws {
        let subjects = try cases.map { kind in
            StoreCommand.progress("filling: \(kind.title(sizes))")
            return try StoreSubject(kind, sizes, directory: directory, configuration)
        }
        defer {
            for subject in subjects { subject.bed.store.close() }
        }
        // One round is thrown away.
        var samples: [[(single: StoreSample, batch: StoreSample)]] = []
        var yardsticks: [SQLiteYardstick.Sample] = []
        var emptyReceives: [Double] = []
        for round in 0...rounds {
            StoreCommand.progress("round \(round) of \(rounds)")
            let yardstickSample = try yardstick.cycle(commits: commits)
            let round = try subjects.map { subject in
                var single = StoreSample()
                try subject.cycle(groups: commits, batch: false, into: &single)
                var batch = StoreSample()
                try subject.cycle(groups: max(1, commits / 4), batch: true, into: &batch)
                return (single, batch)
            }
            samples.append(round)
            yardsticks.append(yardstickSample)
        }
        if let first = subjects.first {
            emptyReceives = try (0..<rounds).map { _ in try first.emptyReceives(groups: commits) }
        }
        report.sqlite = SQLiteYardstick.Cost(Array(yardsticks.dropFirst()))
        report.emptyReceiveMicroseconds = emptyReceives.isEmpty ? nil : Median.of(emptyReceives)
        let counted = samples.dropFirst()
        for isBatch in [false, true] {
            func own(_ kind: StoreCase) -> [StoreSample]? {
                cases.firstIndex(of: kind).map { index in
                    counted.map { isBatch ? $0[index].batch : $0[index].single }
                }
            }
            for kind in cases {
                guard let samples = own(kind) else { continue }
                let base = kind.base == kind ? nil : own(kind.base)
                report.costs.append(StoreCost(kind, sizes, isBatch: isBatch, samples: samples, base: base))
            }
        }
    }
}
