import ArgumentParser
import Benchmark

/// Measures single steps of a request's way by themselves.
struct MicroCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "micro",
        abstract: "Measure decoding, encoding, digests and the hop to the writer by themselves.",
        discussion: """
            CPU time is that of the measuring thread, for the hops that of all threads. Instructions are counted where \
            the kernel gives a counter, and for what happens in one thread. Figures are medians of the rounds.
            """
    )

    @Option(help: "Rounds in which the steps take turns.")
    var rounds = 25

    @Option(help: "Directory to make a working directory in. (default: .build)")
    var data: String?

    func validate() throws {
        if rounds < 1 { throw ValidationError("--rounds must be at least 1") }
    }

    func run() throws {
        let places = [".build"] + WorkingDirectory.temporaryPlaces
        let directory = try WorkingDirectory(under: data ?? WorkingDirectory.parent(among: places))
        let interruption = Interruption { directory.remove() }
        defer { withExtendedLifetime(interruption) { directory.remove() } }
        let hop = try WriterHop(directory: directory.path)
        defer { hop.close() }
        var steps = try WireSteps.all()
        steps.append(
            MicroStep("hop to the writer and back, one at a time", clock: .allThreads) { count in
                for _ in 0..<count { hop.round(commands: 1) }
            }
        )
        steps.append(
            MicroStep("hop to the writer and back, 64 at once", clock: .allThreads, operations: 64) { count in
                for _ in 0..<count { hop.round(commands: 64) }
            }
        )
        var runs = steps.map { MicroRun($0) }
        for _ in 0..<rounds {
            for index in runs.indices { runs[index].measureRound() }
        }
        var table = TextTable(["step", "CPU ns", "elapsed ns", "instructions"])
        for run in runs {
            table.add([
                run.step.title,
                run.cpuNanoseconds.formatted(decimals: 0),
                run.elapsedNanoseconds.formatted(decimals: 0),
                run.instructions.formatted(decimals: 0),
            ])
        }
        print("Each step by itself, medians of \(rounds) rounds\n" + table.render(), terminator: "")
    }
}
