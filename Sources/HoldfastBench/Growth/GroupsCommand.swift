import ArgumentParser
import Benchmark

/// Measures what message groups cost a whole broker.
struct GroupsCommand: GrowthCommand {
    static let configuration = CommandConfiguration(
        commandName: "groups",
        abstract: "Measure what FIFO queues cost a whole broker with many messages, many groups, or one huge group.",
        discussion: """
            Six brokers with data of their own take turns chunk by chunk. Each chunk sends to the tail of a FIFO \
            queue, receives at its head and deletes what was received. At once there are as many requests as groups \
            can be held: 64, with one group a single one. In steps, sends, receives and deletes wait for each other; \
            in cycles they don't, so that more of them share a commit. Figures are CPU of the server a message.

            Exits with 1 if an answer was an error, or a message was lost, doubled or out of order within its group.
            """
    )

    @OptionGroup var options: GrowthOptions

    @Option(help: "Messages that stand where many do, and groups where there are many.")
    var messages = 1_000_000

    @Option(help: "Seconds between filling and measuring, until the deduplication ids of the filling are forgotten.")
    var restSeconds = 360

    func validate() throws {
        if !(GrowthScenario.messagesMin...9_999_990).contains(messages)
            || !messages.isMultiple(of: MessageShape.batchMax)
        {
            let from = GrowthScenario.messagesMin
            throw ValidationError("--messages must be a multiple of \(MessageShape.batchMax) from \(from) to 9999990")
        }
        if !(0...86_400).contains(restSeconds) { throw ValidationError("--rest-seconds must be from 0 to 86400") }
    }

    func scenario() -> GrowthScenario {
        GrowthScenario(
            growth: .groups(messages: messages, restSeconds: restSeconds),
            plan: options.plan,
            progress: Self.progress
        )
    }
}
