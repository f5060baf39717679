import Benchmark

/// What idle connections and waiting receives cost; its JSON form has the same names.
struct CrowdReport: PrintableReport {
    /// The load beside one company: medians over the rounds, ratios taken within each round.
    struct Row: Encodable {
        var company: CrowdScenario.Company

        /// How many there were of it.
        var count: Int
        var requestsPerSecond: Double
        var cpuMicrosecondsPerRequest: Double

        /// Over the same alone.
        var cpuOverAlone: Double

        /// Of the slowest operation.
        var p999Milliseconds: Double
        var residentMegabytes: Double

        /// Resident memory that the broker took for each of the company when they came first; nil for none.
        var kilobytesEach: Double?
    }

    var machine: Machine
    var workingConnections = CrowdScenario.workingConnections
    var rounds: Int
    var seconds: Double

    /// Share of the cores that processes outside the measurement used.
    var otherLoadShare: Double
    var rows: [Row] = []

    /// What is asked for, and what came of it.
    var goals: [Goal]

    /// Messages that were each received once and deleted.
    var messagesCycled: Int

    /// Puts together what was measured in each round.
    init(
        _ scenario: CrowdScenario,
        machine: Machine,
        _ measured: [[CrowdScenario.Company: CrowdScenario.Turn]],
        _ otherLoadShare: Double,
        messages: Int
    ) {
        self.machine = machine
        rounds = scenario.rounds
        seconds = scenario.seconds
        self.otherLoadShare = otherLoadShare
        messagesCycled = messages
        for company in CrowdScenario.Company.allCases {
            let count =
                switch company {
                case .alone: 0
                case .idle: scenario.idleConnections
                case .waiting: scenario.waitingReceives
                }
            let turns = measured.compactMap { turns in turns[company].map { (own: $0, alone: turns[.alone] ?? $0) } }
            precondition(turns.count == measured.count, "a turn is missing")
            // Later crowds find much of what the first has left.
            let companyBytes = turns.first?.own.companyBytes ?? 0
            rows.append(
                Row(
                    company: company,
                    count: count,
                    requestsPerSecond: Median.of(turns.map(\.own.result.requestsPerSecond)),
                    cpuMicrosecondsPerRequest: Median.of(turns.map(\.own.cpuMicrosecondsPerRequest)),
                    cpuOverAlone: Median.of(
                        turns.map { $0.own.cpuMicrosecondsPerRequest / $0.alone.cpuMicrosecondsPerRequest }
                    ),
                    p999Milliseconds: Median.of(
                        turns.map { ($0.own.result.latencies.values.map(\.p999Microseconds).max() ?? 0) / 1e3 }
                    ),
                    residentMegabytes: Median.of(turns.map { Double($0.own.residentBytes) / 1e6 }),
                    kilobytesEach: count == 0 ? nil : Double(companyBytes) / 1e3 / Double(count)
                )
            )
        }
        goals = rows.filter { $0.company != .alone }.map { Goal.crowd($0.title, $0.cpuOverAlone) }
    }

    func text() -> String {
        let others = (otherLoadShare * 100).formatted(decimals: 0)
        let head = """
            Idle connections and waiting receives, \(machine.processor), \(machine.kernel), \(machine.date)
            \(workingConnections) connections send, receive and delete single messages; medians of \(rounds) rounds of \
            \(seconds.formatted(decimals: 1)) s in turns;
            others used \(others) % of the cores

            """
        var table = TextTable(
            ["load", "requests/s", "CPU µs/request", "/alone", "p99.9 ms", "RSS MB", "kB for each"]
        )
        for row in rows {
            table.add([
                row.title, row.requestsPerSecond.formatted(decimals: 0),
                row.cpuMicrosecondsPerRequest.formatted(decimals: 1), row.cpuOverAlone.formatted(decimals: 2),
                row.p999Milliseconds.formatted(decimals: 1), row.residentMegabytes.formatted(decimals: 0),
                row.kilobytesEach.formatted(decimals: 1),
            ])
        }
        let messages = Double(messagesCycled).formatted(decimals: 0)
        let checked =
            "Checked: \(messages) messages were each received once and deleted; all of the company lasted as long as "
            + "the load.\n"
        return [head, table.render(), Goal.table(goals), checked].joined(separator: "\n")
    }
}

extension CrowdReport.Row {
    /// As the tables name it.
    var title: String {
        let number = Double(count).formatted(decimals: 0)
        return switch company {
        case .alone: "alone"
        case .idle: "beside \(number) idle connections"
        case .waiting: "beside \(number) waiting receives"
        }
    }
}
