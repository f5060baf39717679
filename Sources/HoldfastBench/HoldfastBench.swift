import ArgumentParser

/// Measures a Holdfast broker, or any server that speaks the SQS API, against yardsticks of the same machine.
@main
struct HoldfastBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "HoldfastBench",
        abstract: "Measures throughput, latency, server CPU and memory of a message queue that speaks the SQS API.",
        discussion: """
            Without options it starts brokers of its own on free ports of 127.0.0.1, measures them and removes their \
            data. Take its figures as ratios to the yardsticks beside them: H, a bare NIO server that answers the \
            same request with a fixed text, and F, one overwrite of 4 KiB and fdatasync in the data directory.

            The options of a measurement are listed by 'HoldfastBench measure --help'.
            """,
        subcommands: [
            MeasureCommand.self, MicroCommand.self, StoreCommand.self, GroupsCommand.self, QueuesCommand.self,
            WindowCommand.self, CrowdCommand.self, HelloServerCommand.self,
        ],
        defaultSubcommand: MeasureCommand.self
    )
}
