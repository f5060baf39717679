import Benchmark

/// The figures of one case, or of one over another, for requests that followed each other in one form.
struct GrowthFigures: Encodable {
    /// Of which case.
    var title: String

    /// How the requests followed each other.
    var form: String

    /// Nil where the steps were not told apart.
    var send: Double?
    var receive: Double?
    var delete: Double?

    /// Send, receive and delete together.
    var cycle: Double?

    /// What a ratio may be at most; nil for other figures.
    var atMost: Double?

    /// Asks for each figure.
    init(title: String, form: String, atMost: Double? = nil, _ figure: ((StandingRound) -> Double?) -> Double?) {
        self.title = title
        self.form = form
        self.atMost = atMost
        send = figure { $0.cpuMicroseconds(.send) }
        receive = figure { $0.cpuMicroseconds(.receive) }
        delete = figure { $0.cpuMicroseconds(.delete) }
        cycle = figure(\.cpuMicroseconds)
    }

    /// All of them as a table.
    static func table(_ head: String, _ rows: [GrowthFigures], decimals: Int) -> String {
        var table = TextTable([head, "", "send", "receive", "delete", "cycle"], words: [0, 1])
        for row in rows {
            let figures = [row.send, row.receive, row.delete, row.cycle]
            table.add([row.title, row.form] + figures.map { $0.formatted(decimals: decimals) })
        }
        return table.render()
    }
}

/// What something costs a whole broker when there is much of it; its JSON form has the same names.
struct GrowthReport: PrintableReport {
    /// What there is much of, and how much.
    var title: String
    var size: Int
    var machine: Machine
    var connections: Int
    var rounds: Int
    var chunks: Int

    /// Between filling and measuring.
    var restSeconds: Int

    /// Whether all queues are FIFO queues.
    var isFifo: Bool

    /// Share of the cores that processes outside the measurement used.
    var otherLoadShare = 0.0

    /// Microseconds of the server's CPU a message: medians over the rounds.
    var microseconds: [GrowthFigures] = []

    /// How many times the CPU of another case one case needs: medians of the rounds' ratios.
    var ratios: [GrowthFigures] = [] {
        didSet { goals = Goal.growth(ratios) }
    }

    /// What is asked for, and what came of it.
    var goals: [Goal] = []

    /// Messages sent, received once, in order and deleted, each told by its number; a check that fails ends the run.
    var messagesCycled = 0

    /// How many of many busy queues each form used at least; nil if none has several.
    var queuesUsed: Int?

    /// A report without figures yet.
    init(_ growth: Growth, machine: Machine, plan: StandingPlan) {
        title = growth.title
        size = growth.size
        restSeconds = growth.restSeconds
        isFifo = growth.isFifo
        self.machine = machine
        connections = plan.connections
        rounds = plan.rounds
        chunks = plan.chunks
    }

    /// Takes the rounds of all cases in one form.
    mutating func take(_ rounds: [GrowthCase: [StandingRound]], _ growth: Growth, form: String) {
        for one in growth.cases {
            guard let own = rounds[one] else { continue }
            microseconds.append(GrowthFigures(title: one.title, form: form) { own.median($0) })
        }
        for comparison in growth.comparisons {
            guard let own = rounds[comparison.own], let base = rounds[comparison.base] else { continue }
            let ratio = GrowthFigures(title: comparison.title, form: form, atMost: comparison.atMost) {
                own.medianRatio(over: base, $0)
            }
            ratios.append(ratio)
        }
    }

    func text() -> String {
        let others = (otherLoadShare * 100).formatted(decimals: 0)
        let rest = restSeconds > 0 ? "; measured \(restSeconds) s after the filling" : ""
        let used = queuesUsed.map { "; of the busy queues \(Double($0).formatted(decimals: 0)) were used" } ?? ""
        let head = """
            \(title) in the whole broker, \(machine.processor), \(machine.kernel), \(machine.date)
            \(connections) connections\(isFifo ? ", as many as groups at most" : ""); medians of \(rounds) rounds of \
            \(chunks) chunks in turns\(rest); others used \(others) % of the cores\(used)

            """
        let cycled = Double(messagesCycled).formatted(decimals: 0)
        let checked =
            "Checked: \(cycled) messages were each received once\(isFifo ? ", in the order of their group," : "") and "
            + "deleted; the others stand.\n"
        return [
            head, GrowthFigures.table("CPU µs a message", microseconds, decimals: 1),
            GrowthFigures.table("ratio", ratios, decimals: 2), Goal.table(goals), checked,
        ].joined(separator: "\n")
    }
}
