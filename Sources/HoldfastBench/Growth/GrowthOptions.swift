import ArgumentParser
import Benchmark

/// What all measurements of growth have to be told.
struct GrowthOptions: ParsableArguments {
    @Option(help: "The broker's binary; the bench starts it with data of its own.")
    var broker = ".build/release/holdfast"

    @Option(
        help: "Directory to make a working directory in. On the disk that matters, not in memory. (default: .build)"
    )
    var data: String?

    @Option(help: "Rounds; figures are medians over them.")
    var rounds = 5

    @Option(help: "Chunks of each broker in one round.")
    var chunks = 10

    @Flag(help: "Print the report as JSON.")
    var json = false

    func validate() throws {
        if rounds < 1 || chunks < 1 { throw ValidationError("--rounds and --chunks must be at least 1") }
    }

    /// How much is measured.
    var plan: StandingPlan {
        StandingPlan(rounds: rounds, chunks: chunks, turns: 8, requestsAtOnce: 64)
    }
}

/// A command that measures what something costs when there is much of it.
protocol GrowthCommand: ReportingCommand {
    var options: GrowthOptions { get }

    /// What is measured, and how.
    func scenario() -> GrowthScenario
}

extension GrowthCommand {
    var data: String? { options.data }
    var json: Bool { options.json }

    func measure(_ directory: WorkingDirectory) throws -> GrowthReport {
        try scenario().run(BrokerProgram(path: options.broker, directory: directory))
    }
}
