import Benchmark

/// All figures of one run; its JSON form has the same names.
struct Report: PrintableReport {
    /// The disk yardstick: medians of all times it was taken.
    struct Disk: Encodable {
        var directory: String
        var fileSystem: String
        var p50Microseconds: Double
        var p99Microseconds: Double
    }

    var machine: Machine

    /// What was measured: the broker's binary or the endpoint.
    var server: String

    /// Rounds of the cycles.
    var rounds: Int

    var secondsPerLoad: Double
    var fifoSecondsPerLoad: Double
    var bodyBytes = MessageShape().bodyBytes

    /// Share of the cores that processes outside the measurement used during the cycles; above a tenth, rates and
    /// latencies say little.
    var otherLoadShare = 0.0

    /// F; nil at a foreign endpoint.
    var disk: Disk?

    /// H and the cycles.
    var cycles: [CycleRow] = []

    /// What is asked for, and what came of it.
    var goals: [Goal] = []

    /// The most memory of the broker with the FIFO burst, for which there is no goal.
    var fifoResidentBytesMax: Int?

    /// Nil if it was left out.
    var standing: StandingOutcome? {
        didSet { standing.map { goals.append(Goal.standing($0)) } }
    }

    /// Messages sent, received once and deleted, each told by its number; a check that fails ends the run.
    var messagesCycled = 0

    /// A report without figures yet.
    init(machine: Machine, server: String, plan: Plan) {
        self.machine = machine
        self.server = server
        rounds = plan.rounds
        secondsPerLoad = plan.seconds
        fifoSecondsPerLoad = plan.fifoSeconds
    }

    /// Takes what the cycles came to.
    mutating func take(_ outcome: CycleScenario.Outcome, _ plan: Plan, _ directory: WorkingDirectory) {
        if !outcome.disk.isEmpty {
            disk = Disk(
                directory: directory.path,
                fileSystem: directory.fileSystem,
                p50Microseconds: Median.of(outcome.disk.map(\.p50Microseconds)),
                p99Microseconds: Median.of(outcome.disk.map(\.p99Microseconds))
            )
        }
        otherLoadShare = outcome.otherLoadShare
        cycles = outcome.rows
        goals = Goal.all(outcome, connections: plan.fullConnections)
        fifoResidentBytesMax = outcome.fifoResidentBytesMax
        messagesCycled = outcome.messages
    }
}
