import ArgumentParser
import Benchmark

/// Measures what those who do nothing cost those who work.
struct CrowdCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "crowd",
        abstract: "Measure what idle connections and waiting receives cost a broker and the clients that work.",
        discussion: """
            64 connections send, receive and delete single messages, alone, beside keep-alive connections that do \
            nothing, and beside receives that wait for messages of another queue. Each has a broker of its own, with \
            limits on connections and waiting receives and an idle timeout that suit, and they take turns. Figures are \
            CPU of the server a request, and its resident memory. Both the bench and the broker need as many open \
            files as there are connections (ulimit -Hn).

            Exits with 1 if an answer was an error, a message was lost or doubled, or a connection or a receive of the \
            crowd did not last.
            """
    )

    @Option(help: "The broker's binary; the bench starts it with data of its own.")
    var broker = ".build/release/holdfast"

    @Option(
        help: "Directory to make a working directory in. On the disk that matters, not in memory. (default: .build)"
    )
    var data: String?

    @Option(help: "Connections that do nothing.")
    var idle = 10_000

    @Option(help: "Receives that wait, each on a connection of its own.")
    var waiting = 5_000

    @Option(help: "Rounds; figures are medians over them.")
    var rounds = 5

    @Option(help: "Seconds of the load in one turn.")
    var seconds = 3.0

    @Flag(help: "Print the report as JSON.")
    var json = false

    func validate() throws {
        // All of them come from one address, which has some 28,000 ports.
        if !(1...20_000).contains(idle) || !(1...20_000).contains(waiting) {
            throw ValidationError("--idle and --waiting must be from 1 to 20000")
        }
        if rounds < 1 { throw ValidationError("--rounds must be at least 1") }
        // The receives must outlast the load and what comes before it.
        let secondsMax = Double(Crowd.waitSeconds / 2)
        if !(0 < seconds && seconds <= secondsMax) {
            throw ValidationError("--seconds must be above 0 and at most \(Int(secondsMax))")
        }
    }

    func measure(_ directory: WorkingDirectory) throws -> CrowdReport {
        let scenario = CrowdScenario(
            idleConnections: idle,
            waitingReceives: waiting,
            rounds: rounds,
            seconds: seconds,
            progress: Self.progress
        )
        return try scenario.run(BrokerProgram(path: broker, directory: directory))
    }
}
