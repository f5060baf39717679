import Benchmark

/// What is done with messages, by SQS's name of the action for one of them.
enum StandingStep: String, CaseIterable {
    case send = "SendMessage"
    case receive = "ReceiveMessage"
    case delete = "DeleteMessage"
}

/// What the chunks of one load came to in one round.
struct StandingRound {
    private struct Tally {
        var requests = 0
        var messages = 0
        var elapsedSeconds = 0.0
        /// Nil if the server's process is unknown.
        var cpuSeconds: Double? = 0
    }

    /// By step; what was not told apart is under nil.
    private var tallies: [StandingStep?: Tally] = [:]

    /// Adds a step of a chunk; nil for all steps of messages together.
    mutating func add(_ step: StandingStep?, _ result: LoadResult, messages: Int, cpuSeconds: Double?) {
        var tally = tallies[step] ?? Tally()
        tally.requests += result.requests
        tally.messages += messages
        tally.elapsedSeconds += result.elapsedSeconds
        tally.cpuSeconds = tally.cpuSeconds.flatMap { sum in cpuSeconds.map { sum + $0 } }
        tallies[step] = tally
    }

    /// The server's CPU for a message in one step; nil if its process is unknown, or the steps were not told apart.
    func cpuMicroseconds(_ step: StandingStep?) -> Double? {
        tallies[step].flatMap { tally in tally.cpuSeconds.map { $0 * 1e6 / Double(tally.messages) } }
    }

    /// The server's CPU for a message in all steps.
    var cpuMicroseconds: Double? {
        if let together = cpuMicroseconds(nil) { return together }
        let steps = StandingStep.allCases.compactMap { cpuMicroseconds($0) }
        return steps.count == StandingStep.allCases.count ? steps.reduce(0, +) : nil
    }

    /// Requests of one step answered in a second.
    func requestsPerSecond(_ step: StandingStep) -> Double {
        tallies[step].map { Double($0.requests) / $0.elapsedSeconds } ?? 0
    }
}

extension [StandingRound] {
    /// The median over the rounds; nil if there is a round without the figure.
    func median(_ figure: (StandingRound) -> Double?) -> Double? {
        Median.ofAll(map(figure))
    }

    /// The median of the rounds' ratios to those of another load that took turns with this one.
    func medianRatio(over base: [StandingRound], _ figure: (StandingRound) -> Double?) -> Double? {
        Median.ofAll(
            zip(self, base).map { own, base in figure(own).flatMap { own in figure(base).map { own / $0 } } }
        )
    }
}
