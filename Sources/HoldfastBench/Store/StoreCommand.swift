import ArgumentParser
import Benchmark
import SQLiteStore

/// Measures the store alone: the CPU of its writer's thread, without HTTP and the engine.
struct StoreCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Measure the store alone: its writer's CPU a message, whatever stands in it, and its longest steps.",
        discussion: """
            Commands are handed over 25 at a time, as they gather by themselves at 64 connections, with a sync each. \
            Each figure is the median over rounds in which the cases take turns.
            """
    )

    @Option(
        help: "Directory to make a working directory in. On the disk that matters, not in memory. (default: .build)"
    )
    var data: String?

    @Option(parsing: .upToNextOption, help: "Cases: \(StoreCase.allCases.map(\.rawValue).joined(separator: " ")).")
    var cases: [String] = []

    @Option(help: "Rounds in which the cases take turns.")
    var rounds = 5

    @Option(help: "Commits of sends, of receives and of deletes in one round, for singles and for batches of ten.")
    var commits = 100

    @Option(help: "Divides the sizes of the large cases.")
    var divisor = 1

    @Option(help: "Pages of the log past which it is copied into the database. (default: the broker's)")
    var checkpointPages: Int?

    @Flag(help: "Leave the long steps out.")
    var noSteps = false

    @Flag(help: "Leave the costs out and measure the long steps alone.")
    var onlySteps = false

    @Flag(help: "Time the long steps by the CPU of the writer's thread, for a machine that others keep busy.")
    var cpuSteps = false

    @Flag(help: "Print the report as JSON.")
    var json = false

    func validate() throws {
        if let unknown = cases.first(where: { StoreCase(rawValue: $0) == nil }) {
            throw ValidationError("there is no case '\(unknown)'")
        }
        if rounds < 1 || commits < 1 || divisor < 1 {
            throw ValidationError("--rounds, --commits and --divisor must be at least 1")
        }
    }

    private var configuration: SQLiteStoreConfiguration {
        var configuration = SQLiteStoreConfiguration()
        if let checkpointPages { configuration.checkpointPages = checkpointPages }
        if cpuSteps {
            configuration.machineClocks = MachineClocks(
                wall: configuration.machineClocks.wall,
                monotonicNanoseconds: threadCPUNanoseconds
            )
        }
        return configuration
    }

    func measure(_ directory: WorkingDirectory) throws -> StoreReport {
        let sizes = StoreSizes(dividedBy: divisor)
        var report = StoreReport(machine: try Machine(), rounds: rounds, commits: commits)
        if !onlySteps {
            let yardstick = try SQLiteYardstick(directory: directory.path)
            let wanted = cases.isEmpty ? StoreCase.allCases : cases.compactMap(StoreCase.init(rawValue:))
            let scenario = StoreScenario(
                sizes: sizes,
                rounds: rounds,
                commits: commits,
                directory: directory.path,
                configuration: configuration
            )
            try scenario.run(wanted, yardstick, into: &report)
        }
        if !noSteps {
            report.steps = try StoreSteps(sizes: sizes, directory: directory.path, configuration: configuration).run()
        }
        return report
    }
}
