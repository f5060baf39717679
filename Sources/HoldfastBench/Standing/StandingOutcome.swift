import Benchmark

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

    /// The cost of a step from all rounds.
    init(_ step: StandingStep, small: [StandingRound], large: [StandingRound]) {
        action = step.rawValue
        smallCPUMicroseconds = small.median { $0.cpuMicroseconds(step) }
        largeCPUMicroseconds = large.median { $0.cpuMicroseconds(step) }
        largeOverSmall = large.medianRatio(over: small) { $0.cpuMicroseconds(step) }
        smallOperationsPerSecond = Median.of(small.map { $0.requestsPerSecond(step) })
        largeOperationsPerSecond = Median.of(large.map { $0.requestsPerSecond(step) })
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
    init(plan: StandingPlan, fillSeconds: Double, costs: [StandingCost], memory: Memory? = nil, times: Times? = nil) {
        smallMessages = plan.smallMessages
        largeMessages = plan.largeMessages
        connections = plan.connections
        fillMessagesPerSecond = Double(plan.largeMessages) / fillSeconds
        self.costs = costs
        self.memory = memory
        self.times = times
    }
}
