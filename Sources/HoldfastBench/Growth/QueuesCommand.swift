import ArgumentParser

/// Measures what many queues cost a whole broker.
struct QueuesCommand: GrowthCommand {
    static let configuration = CommandConfiguration(
        commandName: "queues",
        abstract: "Measure what many queues cost a whole broker, with one of them busy or all.",
        discussion: """
            Three brokers with data of their own take turns chunk by chunk: one with a single standard queue, one with \
            many of which one is busy, and one with many of which all are. On each of 64 connections messages are \
            sent, received and deleted without waiting for the others; where all queues are busy each goes on with \
            another queue then, in no order of theirs, and ten messages stand in each. Figures are CPU of the server a \
            message.

            Exits with 1 if an answer was an error, or a message was lost or doubled.
            """
    )

    @OptionGroup var options: GrowthOptions

    @Option(help: "Queues where there are many.")
    var queues = 10_000

    func validate() throws {
        if !(2...100_000).contains(queues) { throw ValidationError("--queues must be from 2 to 100000") }
    }

    func scenario() -> GrowthScenario {
        GrowthScenario(growth: .queues(queues), plan: options.plan, progress: Self.progress)
    }
}
