import Benchmark

/// One line of what speed is asked for: a figure with a bound, from the same run as its yardsticks.
struct Goal: Encodable {
    /// What is measured.
    var title: String

    /// What it came to; nil if it was not measured.
    var figure: Double?

    /// What it must reach.
    var bound: Double

    /// Whether less is better.
    var isUpperBound: Bool

    /// Whether it was reached; nil if it was not measured.
    var isReached: Bool?

    private init(_ title: String, _ figure: Double?, atLeast bound: Double) {
        self.init(title: title, figure: figure, bound: bound, isUpperBound: false)
        isReached = figure.map { $0 >= bound }
    }

    private init(_ title: String, _ figure: Double?, atMost bound: Double) {
        self.init(title: title, figure: figure, bound: bound, isUpperBound: true)
        isReached = figure.map { $0 <= bound }
    }

    private init(title: String, figure: Double?, bound: Double, isUpperBound: Bool) {
        self.title = title
        self.figure = figure
        self.bound = bound
        self.isUpperBound = isUpperBound
    }

    /// The goals of a broker at `connections` connections, and of a lone client.
    static func all(_ cycles: CycleScenario.Outcome, connections: Int) -> [Goal] {
        func row(_ kind: CycleKind, _ connections: Int) -> CycleRow? {
            cycles.rows.first { $0.load == kind && $0.connections == connections }
        }
        let single = row(.single, connections)
        let batch = row(.batch, connections)
        let send = single?.latencies[Operation.sendMessage.name]
        let loneSend = row(.single, 1)?.latencies[Operation.sendMessage.name]
        let disk = cycles.disk.isEmpty ? nil : Median.of(cycles.disk.map(\.p50Microseconds))
        return [
            Goal("cycle in single messages, requests/s over H", single?.requestsOverHello, atLeast: 0.6),
            Goal("server CPU a request over the hello's", single?.cpuPerRequestOverHello, atMost: 2),
            Goal("cycle in batches of ten, messages/s over H", batch?.messagesOverHello, atLeast: 1.2),
            Goal(
                "server CPU a message in batches of ten over the hello's a request",
                batch?.cpuPerMessageOverHello,
                atMost: 1.2
            ),
            Goal(
                "FIFO, 64 groups, batches of ten, a burst, messages/s over H",
                row(.fifo, connections)?.messagesOverHello,
                atLeast: 0.8
            ),
            Goal(
                "Query protocol, single, requests/s over JSON",
                row(.query, connections)?.requestsOverSingle,
                atLeast: 0.85
            ),
            Goal(
                "synchronous=FULL over NORMAL, requests/s",
                row(.unsynced, connections)?.requestsOverSingle.map { 1 / $0 },
                atLeast: 0.95
            ),
            Goal(
                "lone client, p50 of a send over F",
                loneSend.flatMap { send in disk.map { send.p50Microseconds / $0 } },
                atMost: 2.5
            ),
            Goal(
                "p99 of a send over its p50 under full load",
                send.map { $0.p99Microseconds / $0.p50Microseconds },
                atMost: 5
            ),
            Goal(
                "p99.9 of the slowest operation in single messages, ms",
                single?.latencies.values.map { $0.p999Microseconds / 1e3 }.max(),
                atMost: 50
            ),
            Goal(
                "memory (RSS, MB) at load with empty queues",
                cycles.residentBytesMax.map { Double($0) / 1e6 },
                atMost: 60
            ),
        ]
    }

    /// The goal of a full queue.
    static func standing(_ outcome: StandingOutcome) -> Goal {
        let ratios = outcome.costs.compactMap(\.largeOverSmall)
        let small = Double(outcome.smallMessages).formatted(decimals: 0)
        let large = Double(outcome.largeMessages).formatted(decimals: 0)
        return Goal(
            "server CPU with \(large) messages standing over that with \(small), worst operation",
            ratios.count == outcome.costs.count ? ratios.max() : nil,
            atMost: 1.3
        )
    }

    /// The goals of what grows, one for all ratios of the same title.
    static func growth(_ ratios: [GrowthFigures]) -> [Goal] {
        Dictionary(grouping: ratios, by: \.title).sorted { $0.key < $1.key }.map { title, ratios in
            let figures = ratios.flatMap { [$0.send, $0.receive, $0.delete, $0.cycle] }.compactMap { $0 }
            return Goal("\(title), the worst ratio", figures.max(), atMost: ratios.compactMap(\.atMost).min() ?? 1.3)
        }
    }

    /// The goal of a load beside others that do nothing.
    static func crowd(_ title: String, _ ratio: Double) -> Goal {
        Goal("server CPU a request \(title) over that alone", ratio, atMost: 1.3)
    }

    /// All of them as a table.
    static func table(_ goals: [Goal]) -> String {
        var table = TextTable(["goal", "measured", "must reach", "reached"], words: [0, 3])
        for goal in goals {
            let decimals = goal.bound >= 10 ? 0 : 2
            table.add([
                goal.title,
                goal.figure.formatted(decimals: decimals),
                (goal.isUpperBound ? "≤ " : "≥ ") + goal.bound.formatted(decimals: decimals),
                goal.isReached.map { $0 ? "yes" : "NO" } ?? "-",
            ])
        }
        return table.render()
    }
}
