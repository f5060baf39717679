import Benchmark
import CLinux
import Glibc

/// A step that is measured by itself.
struct MicroStep {
    /// Whose CPU time counts.
    enum Clock {
        case thisThread
        case allThreads
    }

    let title: String
    let clock: Clock

    /// Operations that one repetition stands for.
    let operations: Int

    /// Repeats the step so many times.
    let repeated: (Int) -> Void

    init(_ title: String, clock: Clock = .thisThread, operations: Int = 1, _ repeated: @escaping (Int) -> Void) {
        self.title = title
        self.clock = clock
        self.operations = operations
        self.repeated = repeated
    }
}

/// The rounds of one step.
struct MicroRun {
    let step: MicroStep

    private let counter = InstructionCounter()
    private let repetitions: Int
    private var rounds: [(cpu: Double, elapsed: Double, instructions: Double?)] = []

    /// Long enough that reading the clocks does not count, short enough that few rounds are interrupted.
    private static let roundNanoseconds: UInt64 = 5_000_000

    /// Warms the step up and finds how often to repeat it in a round.
    init(_ step: MicroStep) {
        self.step = step
        var repetitions = 1
        while true {
            let startedAt = MachineTime.nanoseconds
            step.repeated(repetitions)
            if MachineTime.nanoseconds - startedAt > Self.roundNanoseconds { break }
            repetitions *= 2
        }
        self.repetitions = repetitions
    }

    /// Measures once more.
    mutating func measureRound() {
        let instructionsBefore = counter.count
        let startedAt = MachineTime.nanoseconds
        let cpuBefore = cpuSeconds
        step.repeated(repetitions)
        let cpu = cpuSeconds - cpuBefore
        let elapsed = MachineTime.seconds(since: startedAt)
        let instructions =
            step.clock == .thisThread
            ? counter.count.flatMap { now in
                instructionsBefore.map { Double(now - $0) }
            } : nil
        let operations = Double(repetitions * step.operations)
        rounds.append((cpu * 1e9 / operations, elapsed * 1e9 / operations, instructions.map { $0 / operations }))
    }

    var cpuNanoseconds: Double { Median.of(rounds.map(\.cpu)) }
    var elapsedNanoseconds: Double { Median.of(rounds.map(\.elapsed)) }

    /// Nil where there is no counter.
    var instructions: Double? { Median.ofAll(rounds.map(\.instructions)) }

    private var cpuSeconds: Double {
        step.clock == .thisThread ? MachineTime.threadCPUSeconds : MachineLoad.ownCPUSeconds()
    }
}

/// The processor's counter of the calling thread's instructions, if the machine has one.
private final class InstructionCounter {
    private let descriptor = holdfast_instruction_counter()

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Instructions in user space so far; nil where they can't be counted.
    var count: UInt64? {
        guard descriptor >= 0 else { return nil }
        var value: UInt64 = 0
        return read(descriptor, &value, 8) == 8 ? value : nil
    }
}
