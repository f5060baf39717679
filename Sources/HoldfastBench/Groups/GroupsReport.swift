import Benchmark

/// What one case costs: medians over the rounds, microseconds of the server's CPU a message.
struct GroupsCost: Encodable {
    var title: String

    /// How the requests followed each other.
    var form: String

    var sendMicroseconds: Double?
    var receiveMicroseconds: Double?
    var deleteMicroseconds: Double?

    /// Send, receive and delete together.
    var cycleMicroseconds: Double?
}

/// How many times the CPU of another case one case needs: medians of the rounds' ratios.
struct GroupsRatio: Encodable {
    var title: String

    /// How the requests followed each other.
    var form: String

    var send: Double?
    var receive: Double?
    var delete: Double?

    /// Send, receive and delete together.
    var cycle: Double?
}

/// What message groups cost a whole broker; its JSON form has the same names.
struct GroupsReport: PrintableReport {
    var machine: Machine
    var messages: Int
    var connections: Int
    var rounds: Int
    var chunks: Int
    var restSeconds: Int

    /// Share of the cores that processes outside the measurement used.
    var otherLoadShare = 0.0

    var costs: [GroupsCost] = []
    var ratios: [GroupsRatio] = [] {
        didSet { goals = Goal.groups(ratios) }
    }

    /// What is asked for, and what came of it.
    var goals: [Goal] = []

    /// A report without figures yet.
    init(machine: Machine, plan: StandingPlan, restSeconds: Int) {
        self.machine = machine
        self.restSeconds = restSeconds
        messages = plan.largeMessages
        connections = plan.connections
        rounds = plan.rounds
        chunks = plan.chunks
    }

    /// Which case is held against which.
    private static let comparisons: [(StoreCase, over: StoreCase)] = [
        (.fifoStanding, over: .fifo), (.fifoManyGroups, over: .fifo), (.fifoManyGroups, over: .fifoStanding),
        (.fifoHugeGroup, over: .fifoOneGroup),
    ]

    /// Takes the rounds of all cases in one form.
    mutating func take(_ rounds: [StoreCase: [StandingRound]], _ sizes: StoreSizes, form: String) {
        for kind in GroupsScenario.cases {
            guard let own = rounds[kind] else { continue }
            costs.append(
                GroupsCost(
                    title: kind.title(sizes),
                    form: form,
                    sendMicroseconds: own.median { $0.cpuMicroseconds(.send) },
                    receiveMicroseconds: own.median { $0.cpuMicroseconds(.receive) },
                    deleteMicroseconds: own.median { $0.cpuMicroseconds(.delete) },
                    cycleMicroseconds: own.median(\.cpuMicroseconds)
                )
            )
        }
        for (kind, base) in Self.comparisons {
            guard let own = rounds[kind], let others = rounds[base] else { continue }
            ratios.append(
                GroupsRatio(
                    title: "\(kind.title(sizes)) / \(base.title(sizes))",
                    form: form,
                    send: own.medianRatio(over: others) { $0.cpuMicroseconds(.send) },
                    receive: own.medianRatio(over: others) { $0.cpuMicroseconds(.receive) },
                    delete: own.medianRatio(over: others) { $0.cpuMicroseconds(.delete) },
                    cycle: own.medianRatio(over: others, \.cpuMicroseconds)
                )
            )
        }
    }

    func text() -> String {
        var costTable = TextTable(["CPU µs a message", "", "send", "receive", "delete", "cycle"], words: [0, 1])
        for cost in costs {
            costTable.add([
                cost.title, cost.form,
                cost.sendMicroseconds.formatted(decimals: 1), cost.receiveMicroseconds.formatted(decimals: 1),
                cost.deleteMicroseconds.formatted(decimals: 1), cost.cycleMicroseconds.formatted(decimals: 1),
            ])
        }
        var ratioTable = TextTable(["ratio", "", "send", "receive", "delete", "cycle"], words: [0, 1])
        for ratio in ratios {
            ratioTable.add([
                ratio.title, ratio.form,
                ratio.send.formatted(decimals: 2), ratio.receive.formatted(decimals: 2),
                ratio.delete.formatted(decimals: 2), ratio.cycle.formatted(decimals: 2),
            ])
        }
        let others = (otherLoadShare * 100).formatted(decimals: 0)
        let head = """
            Message groups in the whole broker, \(machine.processor), \(machine.kernel), \(machine.date)
            \(connections) connections, with one group one; medians of \(rounds) rounds of \(chunks) chunks in turns;
            measured \(restSeconds) s after the filling; others used \(others) % of the cores

            """
        return [head, costTable.render(), ratioTable.render(), Goal.table(goals)].joined(separator: "\n")
    }
}
