import Benchmark

/// The writer's CPU in one round of one case.
struct StoreSample: Sendable {
    var messages = 0
    var commands = 0
    var sendSeconds = 0.0
    var receiveSeconds = 0.0
    var deleteSeconds = 0.0
    var sweepSeconds = 0.0

    var cycleMicroseconds: Double {
        (sendSeconds + receiveSeconds + deleteSeconds + sweepSeconds) * 1e6 / Double(messages)
    }
}

/// What a case costs: medians over the rounds.
struct StoreCost: Encodable {
    var name: String
    var title: String
    var isBatch: Bool

    /// The writer's CPU a message; a batch has ten.
    var sendMicroseconds: Double
    var receiveMicroseconds: Double
    var deleteMicroseconds: Double

    /// The same of the sweeps, once a second.
    var sweepMicroseconds: Double

    /// All of it.
    var cycleMicroseconds: Double

    /// The median of the rounds' ratios to the case that it may cost little more than.
    var overBase: Double?
    var overBaseMax: Double

    init(_ kind: StoreCase, _ sizes: StoreSizes, isBatch: Bool, samples: [StoreSample], base: [StoreSample]?) {
        func median(_ part: (StoreSample) -> Double) -> Double {
            Median.of(samples.map { part($0) * 1e6 / Double($0.messages) })
        }
        name = kind.rawValue
        title = kind.title(sizes)
        self.isBatch = isBatch
        sendMicroseconds = median(\.sendSeconds)
        receiveMicroseconds = median(\.receiveSeconds)
        deleteMicroseconds = median(\.deleteSeconds)
        sweepMicroseconds = median(\.sweepSeconds)
        cycleMicroseconds = Median.of(samples.map(\.cycleMicroseconds))
        overBaseMax = kind.allowedRatio
        overBase = base.map { base in
            Median.of(zip(samples, base).map { $0.cycleMicroseconds / $1.cycleMicroseconds })
        }
    }
}
