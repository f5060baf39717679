import Benchmark

/// One operation in one chunk.
struct StandingSample {
    var operation: Operation
    var result: LoadResult
    var cpuSeconds: Double?
}

/// What one operation costs with few and with many messages standing: medians over the rounds.
struct StandingCost: Encodable {
    /// SQS's name of the action.
    var action: String

    /// The server's CPU with few standing; nil if its process is unknown.
    var smallCPUMicroseconds: Double?

    /// The server's CPU with many standing.
    var largeCPUMicroseconds: Double?

    /// The median of the rounds' ratios.
    var largeOverSmall: Double?

    var smallOperationsPerSecond: Double
    var largeOperationsPerSecond: Double

    /// The cost of `operation` from the chunks of all rounds.
    init(_ operation: Operation, rounds: [(small: [StandingSample], large: [StandingSample])]) {
        func cpu(_ samples: [StandingSample]) -> Double? {
            let own = samples.filter { $0.operation == operation }
            let seconds = own.compactMap(\.cpuSeconds)
            guard seconds.count == own.count else { return nil }
            return seconds.reduce(0, +) * 1e6 / Double(own.map(\.result.requests).reduce(0, +))
        }
        func rate(_ samples: [StandingSample]) -> Double {
            let own = samples.filter { $0.operation == operation }
            return Double(own.map(\.result.requests).reduce(0, +)) / own.map(\.result.elapsedSeconds).reduce(0, +)
        }
        action = operation.name
        smallCPUMicroseconds = Median.ofAll(rounds.map { cpu($0.small) })
        largeCPUMicroseconds = Median.ofAll(rounds.map { cpu($0.large) })
        largeOverSmall = Median.ofAll(
            rounds.map { round in cpu(round.large).flatMap { large in cpu(round.small).map { large / $0 } } }
        )
        smallOperationsPerSecond = Median.of(rounds.map { rate($0.small) })
        largeOperationsPerSecond = Median.of(rounds.map { rate($0.large) })
    }
}

/// What the standing scenario came to.
struct StandingOutcome: Encodable {
    /// Resident memory of the broker that holds many messages.
    struct Memory: Encodable {
        /// Right after they were put in.
        var filledBytes = 0

        /// Right after a start.
        var startedBytes = 0

        /// The most since that start, after the operations that were measured.
        var loadedBytesMax = 0
    }

    /// Starts (process start to the first good /health) and stops of the broker that holds many messages.
    struct Times: Encodable {
        /// SIGTERM to the end of the process, right after the messages were put in.
        var stopSeconds = 0.0

        /// After a graceful stop.
        var startSeconds = 0.0

        /// After a graceful stop, with the data files dropped from the file cache.
        var startColdSeconds = 0.0

        /// After kill -9 behind the last write.
        var startAfterKillSeconds = 0.0
    }

    var smallMessages: Int
    var largeMessages: Int
    var connections: Int

    /// Rate at which the many were put in, by batches of ten.
    var fillMessagesPerSecond: Double

    var costs: [StandingCost]

    /// Nil at a foreign endpoint.
    var memory: Memory?

    /// Nil at a foreign endpoint.
    var times: Times?

    /// Puts an outcome together.
    init(plan: Plan, fillSeconds: Double, costs: [StandingCost], memory: Memory? = nil, times: Times? = nil) {
        smallMessages = plan.standingSmall
        largeMessages = plan.standing
        connections = plan.standingConnections
        fillMessagesPerSecond = Double(plan.standing) / fillSeconds
        self.costs = costs
        self.memory = memory
        self.times = times
    }
}
