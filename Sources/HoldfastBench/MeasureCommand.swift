import ArgumentParser
import Benchmark
import Glibc

/// Measures and prints the report.
struct MeasureCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "Measure and print the report (what happens without a subcommand).",
        discussion: """
            Exits with 1 if an answer was an error, a message was lost, doubled or left behind, or a server did not \
            start. Ratios that miss their goal do not change the exit code.
            """
    )

    @Option(help: "The broker's binary; the bench starts it with data of its own.")
    var broker = ".build/release/holdfast"

    @Option(help: "The broker's binary that can leave out the sync of its commits.")
    var unsyncedBroker = ".build/release/HoldfastWithFailPoints"

    @Option(
        help: "Directory to make a working directory in. On the disk that matters, not in memory. (default: .build)"
    )
    var data: String?

    @Option(help: "Measure the server at this URL, as in http://127.0.0.1:9324, instead of starting brokers.")
    var endpoint: String?

    @Option(help: "Process of the server at --endpoint, for its CPU.")
    var pid: Int32?

    @Flag(help: "A short run with 50,000 messages standing; rough figures in a few seconds.")
    var quick = false

    @Flag(help: "Print the report as JSON.")
    var json = false

    @Option(parsing: .upToNextOption, help: "Numbers of connections to measure with. (default: 1 16 64)")
    var connections: [Int] = []

    @Option(help: "Rounds of the cycles. (default: 3, with --quick 1)")
    var rounds: Int?

    @Option(help: "Seconds of one load in one round. (default: 3, with --quick 0.4)")
    var seconds: Double?

    @Option(help: "Seconds of the FIFO burst in one round. (default: 60, with --quick 2)")
    var fifoSeconds: Double?

    @Option(help: "Messages standing in the large queue; 0 leaves that part out. (default: 1000000)")
    var standing: Int?

    @Option(help: "Event loop threads of the hello server.")
    var helloLoops = 1

    func validate() throws {
        if let endpoint, Endpoint(url: endpoint) == nil {
            throw ValidationError("--endpoint must have the form http://host:port")
        }
        if pid != nil, endpoint == nil { throw ValidationError("--pid needs --endpoint") }
        if connections.contains(where: { !(1...10_000).contains($0) }) {
            throw ValidationError("--connections must be from 1 to 10000")
        }
        if let rounds, rounds < 1 { throw ValidationError("--rounds must be at least 1") }
        if let fifoSeconds, fifoSeconds <= 0 { throw ValidationError("--fifo-seconds must be above 0") }
        if let seconds, seconds <= 0 { throw ValidationError("--seconds must be above 0") }
        if helloLoops < 1 { throw ValidationError("--hello-loops must be at least 1") }
        if let standing, standing < 0 || !standing.isMultiple(of: MessageShape.batchMax) {
            throw ValidationError("--standing must be a multiple of \(MessageShape.batchMax)")
        }
    }

    private var plan: Plan {
        var plan = quick ? Plan.quick : Plan.full
        if !connections.isEmpty { plan.connections = connections }
        if let rounds { plan.rounds = rounds }
        if let seconds { plan.seconds = seconds }
        if let fifoSeconds { plan.fifoSeconds = fifoSeconds }
        if let standing { plan.standing.largeMessages = standing }
        return plan
    }

    func measure(_ directory: WorkingDirectory) throws -> Report {
        let hello = try startHello(directory)
        defer { hello.kill() }
        var report = Report(machine: try Machine(), server: endpoint ?? broker, plan: plan)
        let scenario = StandingScenario(plan: plan.standing, progress: Self.progress)
        if let endpoint, let parsed = Endpoint(url: endpoint) {
            let target = Target(endpoint: parsed, usage: try pid.map { try ProcessUsage(pid: $0) })
            report.take(try cycles(CycleScenario.Servers(hello: try hello.target(), broker: target)), plan, directory)
            if plan.standing.largeMessages > 0 { report.standing = try scenario.run(at: target) }
            return report
        }
        for program in [broker, unsyncedBroker] where access(program, X_OK) != 0 {
            throw BenchmarkError("there is no broker at \(program); 'make bench' builds it")
        }
        let program = BrokerProgram(path: broker, directory: directory)
        report.take(try cycles(program, hello), plan, directory)
        if plan.standing.largeMessages > 0 { report.standing = try scenario.run(program) }
        return report
    }

    private func startHello(_ directory: WorkingDirectory) throws -> ServerProcess {
        try ServerProcess("/proc/self/exe", logPath: "\(directory.path)/hello.log") { port in
            ["hello-server", "--port", "\(port)", "--loops", "\(helloLoops)", "--end-with-parent"]
        }
    }

    /// The cycles with brokers of the bench's own.
    private func cycles(_ program: BrokerProgram, _ hello: ServerProcess) throws -> CycleScenario.Outcome {
        let unsyncedProgram = BrokerProgram(
            path: unsyncedBroker,
            directory: program.directory,
            environment: ["HOLDFAST_TEST_UNSYNCED_COMMITS": "1"]
        )
        let server = try program.start(data: "cycles")
        let fifo = try program.start(data: "fifo")
        let unsynced = try unsyncedProgram.start(data: "unsynced")
        let servers = CycleScenario.Servers(
            hello: try hello.target(),
            broker: try server.target(),
            fifo: try fifo.target(),
            unsynced: try unsynced.target()
        )
        let outcome = try cycles(servers, dataDirectory: program.directory.path)
        for server in [server, fifo, unsynced] { try server.terminate() }
        return outcome
    }

    private func cycles(
        _ servers: CycleScenario.Servers,
        dataDirectory: String? = nil
    ) throws -> CycleScenario.Outcome {
        try CycleScenario(plan: plan, servers: servers, dataDirectory: dataDirectory, progress: Self.progress).run()
    }
}
