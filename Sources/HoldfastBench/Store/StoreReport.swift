import Benchmark

/// What was measured of the store alone; its JSON form has the same names.
struct StoreReport: PrintableReport {
    var machine: Machine
    var rounds: Int
    var commits: Int
    var commandsPerCommit = StoreShape.commandsPerCommit
    var bodyBytes = StoreShape.bodyBytes

    /// S; nil if only steps were measured.
    var sqlite: SQLiteYardstick.Cost?

    /// The writer's CPU for a receive from an empty queue.
    var emptyReceiveMicroseconds: Double?

    var costs: [StoreCost] = []

    /// Nil if they were left out.
    var steps: [StoreSteps.Longest]?

    init(machine: Machine, rounds: Int, commits: Int) {
        self.machine = machine
        self.rounds = rounds
        self.commits = commits
    }

    func text() -> String {
        var text = "The store alone, \(machine.processor), \(machine.kernel), \(machine.date)\n\n"
        if let sqlite {
            text += "S, SQLite alone: \(sqlite.cycleMicroseconds.formatted(decimals: 2)) µs of CPU a cycle, "
            text += "\(sqlite.cyclesPerSecond.formatted(decimals: 0)) cycles a second\n"
        }
        if let emptyReceiveMicroseconds {
            text += "a receive from an empty queue: \(emptyReceiveMicroseconds.formatted(decimals: 2)) µs\n"
        }
        if !costs.isEmpty {
            var table = TextTable(
                ["µs of the writer a message", "", "send", "receive", "delete", "sweep", "cycle", "over small", "max"],
                words: [0, 1]
            )
            for cost in costs {
                table.add([
                    cost.title, cost.isBatch ? "by ten" : "single",
                    cost.sendMicroseconds.formatted(decimals: 2), cost.receiveMicroseconds.formatted(decimals: 2),
                    cost.deleteMicroseconds.formatted(decimals: 2), cost.sweepMicroseconds.formatted(decimals: 2),
                    cost.cycleMicroseconds.formatted(decimals: 2), cost.overBase.formatted(decimals: 2),
                    cost.overBase == nil ? "-" : cost.overBaseMax.formatted(decimals: 1),
                ])
            }
            text += "\n" + table.render()
        }
        if let steps {
            var table = TextTable(["step", "with", "count", "mean ms", "longest ms"], words: [0, 1])
            for step in steps {
                table.add([
                    step.step, step.work, Double(step.count).formatted(decimals: 0),
                    step.meanMilliseconds.formatted(decimals: 2), step.longestMilliseconds.formatted(decimals: 2),
                ])
            }
            text += "\n" + table.render()
        }
        return text
    }
}
