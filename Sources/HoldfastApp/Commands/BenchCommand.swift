internal import ArgumentParser
internal import Benchmark
internal import Glibc

/// `holdfast bench`: measures how fast an SQS endpoint is, and whether it loses, doubles or reorders messages.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure a broker, or any SQS endpoint, and check every message.",
        discussion: """
            Without --endpoint it starts a broker of its own, with its data in a directory that it removes afterwards. \
            Each load sends, receives and deletes messages on all connections at once, on a queue made for it; at the \
            end the queue is drained and deleted. Options with several values make a load of each combination.

            The endpoint has to be http: there is no TLS, and requests carry an Authorization header that nobody can \
            verify, so real SQS refuses them.

            Figures go to standard output, progress to standard error. SIGINT ends the load early: the queue is \
            drained and deleted, and what was measured is told. A second one ends the command at once.

            EXIT STATUS:
              0   every message came once and, in its group, in order
              1   a message was lost, doubled or out of order
              64  the command line is wrong
              69  the endpoint can't be reached, or the connection broke
              70  the broker can't be started, or something else in here failed
              76  the endpoint answered with an error, or not as SQS does
            """,
        version: ProductVersion.text
    )

    @OptionGroup var load: BenchLoadOptions
    @Option(help: ArgumentHelp("Server to measure, such as http://127.0.0.1:9324.", valueName: "url"))
    var endpoint: String?
    @Option(
        help: ArgumentHelp(
            "Where the broker's own data directory is made. (default: TMPDIR or /var/tmp, if on a disk)",
            valueName: "path"
        )
    )
    var directory: String?
    @Flag(help: "Print the figures as JSON.") var json = false

    func validate() throws {
        if let endpoint, Endpoint(url: endpoint) == nil {
            throw ValidationError("--endpoint is '\(endpoint)' but must have the form http://host:port/path")
        }
        if endpoint != nil, directory != nil { throw ValidationError("Give --endpoint or --directory, not both.") }
    }

    func run() throws {
        _ = OpenFileLimit.raise()
        do {
            let report = try measure()
            print(json ? try report.json() : report.text(), terminator: json ? "\n" : "")
            if !report.isGood { throw ExitCode.failure }
        } catch let error as BenchmarkError {
            StandardError.write(line: "holdfast: \(LogText.escaped(error.description))")
            throw ExitCode(Self.status(of: error))
        }
    }

    private static func status(of error: BenchmarkError) -> Int32 {
        switch error.kind {
        case .unreachable: 69
        case .answer: 76
        case .other: 70
        }
    }

    private func measure() throws -> BenchmarkReport {
        if let endpoint, let parsed = Endpoint(url: endpoint) {
            let stop = StopFlag()
            let interruption = Interruption { stop.raise() }
            let outcomes = try measure(Target(endpoint: parsed), stop)
            return report(endpoint, nil, stop, outcomes, interruption)
        }
        let directory = try WorkingDirectory(
            under: directory ?? WorkingDirectory.parent(among: WorkingDirectory.temporaryPlaces)
        )
        defer { directory.remove() }
        if directory.isInMemory {
            StandardError.write(
                line: "warning: \(directory.path) is in memory (\(directory.fileSystem)): nothing is durable there and "
                    + "syncs cost nothing; give a directory on a disk with --directory"
            )
        }
        let stop = StopFlag()
        let interruption = Interruption {
            stop.raise()
        } onSecond: {
            ChildProcesses.killAll()
            directory.remove()
        }
        let broker = try BrokerProgram(path: "/proc/self/exe", directory: directory).start(data: "data")
        let outcomes = try measure(try broker.target(), stop)
        try broker.terminate()
        return report("http://\(broker.endpoint.authority)", directory, stop, outcomes, interruption)
    }

    private func measure(_ target: Target, _ stop: StopFlag) throws -> [QueueMeasurementOutcome] {
        var outcomes: [QueueMeasurementOutcome] = []
        for (number, measurement) in load.measurements.enumerated() where !stop.isRaised {
            let name = "holdfast-bench-\(number + 1)"
            outcomes.append(
                try measurement.run(on: target, name: name, stop: stop) { StandardError.write(line: $0) }
            )
        }
        return outcomes
    }

    private func report(
        _ endpoint: String,
        _ directory: WorkingDirectory?,
        _ stop: StopFlag,
        _ outcomes: [QueueMeasurementOutcome],
        _ interruption: Interruption
    ) -> BenchmarkReport {
        // Until here a signal is only noted.
        withExtendedLifetime(interruption) {
            BenchmarkReport(
                endpoint: endpoint,
                version: ProductVersion.text,
                directory: directory,
                isInterrupted: stop.isRaised,
                measurements: outcomes
            )
        }
    }
}
