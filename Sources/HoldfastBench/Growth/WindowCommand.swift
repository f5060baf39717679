import ArgumentParser
import Benchmark

/// Measures what a full deduplication window costs a whole broker.
struct WindowCommand: GrowthCommand {
    static let configuration = CommandConfiguration(
        commandName: "window",
        abstract: "Measure what the deduplication ids of six minutes of FIFO sends cost a whole broker.",
        discussion: """
            Two brokers with data of their own and 1,000 messages of a FIFO queue in 64 groups take turns chunk by \
            chunk, one of them after so many more were sent, received and deleted, evenly over that time. In steps, \
            sends, receives and deletes wait for each other; in cycles they don't. Figures are CPU of the server a \
            message.

            Exits with 1 if an answer was an error, or a message was lost, doubled or out of order within its group.
            """
    )

    @OptionGroup var options: GrowthOptions

    @Option(help: "Messages that are sent before measuring, rounded up to whole chunks.")
    var messages = 3_240_000

    @Option(help: "Seconds over which they are sent.")
    var seconds = 360

    func validate() throws {
        if !(1...100_000_000).contains(messages) { throw ValidationError("--messages must be from 1 to 100000000") }
        if !(0...3_600).contains(seconds) { throw ValidationError("--seconds must be from 0 to 3600") }
    }

    func scenario() -> GrowthScenario {
        // They go through the queue in whole chunks.
        let chunk = options.plan.messagesPerChunk(batch: MessageShape.batchMax)
        let consumed = GrowthCase.Consumed(messages: (messages + chunk - 1) / chunk * chunk, seconds: seconds)
        return GrowthScenario(growth: .window(consumed), plan: options.plan, progress: Self.progress)
    }
}
