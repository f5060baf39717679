import ArgumentParser
import Glibc

/// Measures and prints the report.
struct MeasureCommand: ParsableCommand {
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
        if let seconds, seconds <= 0 { throw ValidationError("--seconds must be above 0") }
        if helloLoops < 1 { throw ValidationError("--hello-loops must be at least 1") }
        if let standing, standing < 0 || !standing.isMultiple(of: Requests.batchSize) {
            throw ValidationError("--standing must be a multiple of \(Requests.batchSize)")
        }
    }

    func run() throws {
        let directory = try WorkingDirectory(under: data ?? WorkingDirectory.defaultParent)
        let interruption = ChildProcesses.endWhenInterrupted { directory.remove() }
        defer { withExtendedLifetime(interruption) { directory.remove() } }
        do {
            let report = try measure(directory)
            print(json ? try report.json() : report.text())
        } catch {
            ErrorOutput.print("error: \(error)")
            throw ExitCode.failure
        }
    }

    private var plan: Plan {
        var plan = quick ? Plan.quick : Plan.full
        if !connections.isEmpty { plan.connections = connections }
        if let rounds { plan.rounds = rounds }
        if let seconds { plan.seconds = seconds }
        if let standing { plan.standing = standing }
        return plan
    }

    private func measure(_ directory: WorkingDirectory) throws -> Report {
        let machine = try Machine()
        let hello = try startHello(directory)
        defer { hello.kill() }
        if let endpoint, let parsed = Endpoint(url: endpoint) {
            let target = Target(endpoint: parsed, usage: try pid.map { try ProcessUsage(pid: $0) })
            let cycles = try cycles(hello: hello, broker: target, dataDirectory: nil)
            let scenario = StandingScenario(plan: plan, progress: Self.progress)
            let standing = plan.standing > 0 ? try scenario.run(at: target) : nil
            return try report(machine, server: endpoint, directory, cycles, standing)
        }
        guard access(broker, X_OK) == 0 else {
            throw BenchError("there is no broker at \(broker); build it with 'swift build -c release'")
        }
        let program = BrokerProgram(path: broker, directory: directory)
        let server = try program.start(data: "cycles")
        let cycles = try cycles(hello: hello, broker: try server.target(), dataDirectory: directory.path)
        _ = try server.terminate()
        let scenario = StandingScenario(plan: plan, progress: Self.progress)
        let standing = plan.standing > 0 ? try scenario.run(program) : nil
        return try report(machine, server: broker, directory, cycles, standing)
    }

    private func startHello(_ directory: WorkingDirectory) throws -> ServerProcess {
        try ServerProcess("/proc/self/exe", logPath: "\(directory.path)/hello.log") { port in
            ["hello-server", "--port", "\(port)", "--loops", "\(helloLoops)", "--end-with-parent"]
        }
    }

    private func cycles(
        hello: ServerProcess,
        broker: Target,
        dataDirectory: String?
    ) throws -> CycleScenario.Outcome {
        let scenario = CycleScenario(
            plan: plan,
            hello: try hello.target(),
            broker: broker,
            dataDirectory: dataDirectory,
            progress: Self.progress
        )
        return try scenario.run()
    }

    private func report(
        _ machine: Machine,
        server: String,
        _ directory: WorkingDirectory,
        _ cycles: CycleScenario.Outcome,
        _ standing: StandingOutcome?
    ) throws -> Report {
        var disk: Report.Disk?
        if !cycles.disk.isEmpty {
            disk = Report.Disk(
                directory: directory.path,
                fileSystem: try Machine.fileSystem(of: directory.path),
                p50Microseconds: Median.of(cycles.disk.map(\.p50Microseconds)),
                p99Microseconds: Median.of(cycles.disk.map(\.p99Microseconds))
            )
        }
        return Report(
            machine: machine,
            server: server,
            rounds: plan.rounds,
            secondsPerLoad: plan.seconds,
            otherLoadShare: cycles.otherLoadShare,
            disk: disk,
            cycles: cycles.rows,
            standing: standing,
            checks: Report.Checks(messagesCycled: cycles.messages)
        )
    }

    /// To the error output, so that the report can be redirected by itself.
    private static func progress(_ text: String) {
        ErrorOutput.print("bench: \(text)")
    }
}
