import Benchmark

/// One load in one round.
struct CycleMeasurement {
    /// Requests, time and latencies.
    var result: LoadResult

    /// CPU of the server, if known.
    var cpuSeconds: Double?

    /// Messages that made the whole cycle.
    var messages: Int

    var requestsPerSecond: Double { result.requestsPerSecond }
    var messagesPerSecond: Double { Double(messages) / result.elapsedSeconds }
    var cpuMicrosecondsPerRequest: Double? { cpuSeconds.map { $0 * 1e6 / Double(result.requests) } }
    var generatorCPUMicrosecondsPerRequest: Double { result.generatorCPUSeconds * 1e6 / Double(result.requests) }
    var cpuMicrosecondsPerMessage: Double? {
        messages > 0 ? cpuSeconds.map { $0 * 1e6 / Double(messages) } : nil
    }
}

/// A line of the report: medians over the rounds, ratios taken within each round.
struct CycleRow: Encodable {
    var load: CycleKind
    var connections: Int
    var requestsPerSecond: Double

    /// Over the hello server's requests per second.
    var requestsOverHello: Double

    /// Over the requests per second of single messages.
    var requestsOverSingle: Double?

    /// Messages that made the whole cycle; nil for the hello server.
    var messagesPerSecond: Double?

    /// Messages per second over the hello server's requests per second.
    var messagesOverHello: Double?

    /// The server's CPU; nil if its process is unknown.
    var cpuMicrosecondsPerRequest: Double?

    /// Over the hello server's CPU per request.
    var cpuPerRequestOverHello: Double?

    /// The server's CPU for the whole cycle of one message.
    var cpuMicrosecondsPerMessage: Double?

    /// Over the hello server's CPU per request.
    var cpuPerMessageOverHello: Double?

    /// The generator's own CPU, which it takes from the server where cores are few.
    var generatorCPUMicrosecondsPerRequest: Double

    /// By SQS's action.
    var latencies: [String: LatencySummary]

    /// The medians of one load in all rounds.
    init(kind: CycleKind, connections: Int, rounds: [[CycleKind: CycleMeasurement]]) {
        let turns = rounds.compactMap { round in
            round[kind].flatMap { own in round[.hello].map { hello in (own: own, hello: hello) } }
        }
        precondition(turns.count == rounds.count)
        self.load = kind
        self.connections = connections
        requestsPerSecond = Median.of(turns.map(\.own.requestsPerSecond))
        requestsOverHello = Median.of(turns.map { $0.own.requestsPerSecond / $0.hello.requestsPerSecond })
        requestsOverSingle = Median.ofAll(
            rounds.map { round in
                round[.single].flatMap { single in
                    round[kind].map { $0.requestsPerSecond / single.requestsPerSecond }
                }
            }
        )
        if kind != .hello {
            messagesPerSecond = Median.of(turns.map(\.own.messagesPerSecond))
            messagesOverHello = Median.of(turns.map { $0.own.messagesPerSecond / $0.hello.requestsPerSecond })
        }
        generatorCPUMicrosecondsPerRequest = Median.of(turns.map(\.own.generatorCPUMicrosecondsPerRequest))
        cpuMicrosecondsPerRequest = Median.ofAll(turns.map(\.own.cpuMicrosecondsPerRequest))
        cpuMicrosecondsPerMessage = Median.ofAll(turns.map(\.own.cpuMicrosecondsPerMessage))
        func overHello(_ own: (CycleMeasurement) -> Double?) -> Double? {
            Median.ofAll(
                turns.map { turn in
                    own(turn.own).flatMap { own in turn.hello.cpuMicrosecondsPerRequest.map { own / $0 } }
                }
            )
        }
        cpuPerRequestOverHello = overHello(\.cpuMicrosecondsPerRequest)
        cpuPerMessageOverHello = overHello(\.cpuMicrosecondsPerMessage)
        latencies = [:]
        for operation in Operation.allCases {
            let summaries = turns.compactMap { $0.own.result.latencies[operation] }
            if !summaries.isEmpty { latencies[operation.name] = LatencySummary(medianOf: summaries) }
        }
    }
}
