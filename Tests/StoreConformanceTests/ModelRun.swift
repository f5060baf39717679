import QueueModel
import ReferenceStore

/// One seed's run: the same random commands for the reference store and for the store under test, compared after each.
struct ModelRun {
    /// Where the two stores went different ways.
    struct Difference: Error, CustomStringConvertible {
        let seed: UInt64
        let commandCount: Int
        let step: Int
        let what: String
        let details: String
        let test: String

        var description: String {
            """
            The store differs from the reference in seed \(seed), step \(step): \(what)
            \(details)
            Replay: HOLDFAST_MODEL_SEED=\(seed) HOLDFAST_MODEL_COMMANDS=\(commandCount) \
            swift test --filter 'StoreConformanceTests.\(test)/'
            """
        }
    }

    private let seed: UInt64
    private let commandCount: Int
    private let reference: TestStore
    private let subject: TestStore
    private var generator: ModelGenerator
    private var step = 0
    private let keepsHistory: Bool
    private var history: [String] = []
    private var machine: ModelMachine?

    /// A run that keeps its history tells what happened before a difference; it is slower.
    init(
        _ kind: StoreKind,
        seed: UInt64,
        commandCount: Int,
        kinds: Set<ModelSettings.Kind>,
        hasBadWallClock: Bool = false,
        keepsHistory: Bool = false
    ) throws {
        self.keepsHistory = keepsHistory
        self.seed = seed
        self.commandCount = commandCount
        generator = ModelGenerator(seed: seed, kinds: kinds)
        reference = try TestStore(.reference, inFlightMessagesMax: generator.inFlightMessagesMax)
        machine = hasBadWallClock ? ModelMachine(seed: seed) : nil
        subject = try TestStore(
            kind,
            inFlightMessagesMax: generator.inFlightMessagesMax,
            machine: machine?.machine
        )
    }

    /// Runs to the end, or throws the first `Difference`.
    mutating func run() throws {
        var commandsLeft = commandCount
        while commandsLeft > 0 {
            step += 1
            try passTime(milliseconds: generator.clockStep())
            let next = generator.step(canRestart: StoreKind.persistent.contains(subject.kind))
            note("\(next)")
            switch next {
            case .commands(let commands):
                try compareOutcomes(of: commands)
                commandsLeft -= commands.count
            case .sweep(let rowsMax):
                try sweep(rowsMax: rowsMax)
                commandsLeft -= 1
            case .counts(let queue):
                try sweep(rowsMax: 500)
                try compareOutcomes(of: [
                    .describeQueue(DescribeQueueCommand(queue: queue, includesCounts: true))
                ])
                try compareTasks(of: queue)
                commandsLeft -= 2
            case .restart:
                try subject.restart()
                machine?.noteRestart()
                try followTime()
                commandsLeft -= 1
            }
            try compareStates(after: next)
        }
        let findings = try subject.check()
        guard findings.isEmpty else {
            throw difference("what the store has left does not pass its check", findings.joined(separator: "\n"))
        }
    }

    private mutating func passTime(milliseconds: Int) throws {
        note("the clock moves by \(milliseconds) ms")
        if machine == nil {
            reference.advance(milliseconds: milliseconds)
            subject.advance(milliseconds: milliseconds)
        } else if let wall = machine?.advance(milliseconds: milliseconds) {
            note("the wall clock is \(wall)")
            try followTime()
        }
    }

    /// Judges the time of the store under test, and gives the reference the same.
    private mutating func followTime() throws {
        guard machine != nil else { return }
        let now = subject.now
        if let fault = machine?.fault(of: now) { throw difference("the time", "  \(fault)") }
        reference.clock.set(to: now)
    }

    private mutating func compareOutcomes(of commands: [Command]) throws {
        for part in commands.partsToSweepBefore {
            // How many expired messages are still there when a task looks is the store's choice.
            if part.contains(where: \.isOfMoveTask) { try sweep(rowsMax: 500) }
            try compareOutcomesAtOnce(of: part)
        }
    }

    private mutating func compareOutcomesAtOnce(of commands: [Command]) throws {
        let expected = reference.store.apply(commands)
        let actual = subject.store.apply(commands)
        for (index, command) in commands.enumerated() {
            guard command.isSame(expected[index], actual[index]) else {
                throw difference(
                    "\(command)",
                    "  expected \(ModelRun.short(expected[index]))\n  got \(ModelRun.short(actual[index]))"
                )
            }
            generator.learn(command, expected[index])
        }
    }

    private mutating func compareTasks(of queue: QueueName) throws {
        guard generator.kinds.contains(.tasks) else { return }
        try compareOutcomes(of: [
            .listMessageMoveTasks(ListMessageMoveTasksCommand(source: queue)),
            .listMessageMoveTasks(ListMessageMoveTasksCommand(source: nil)),
        ])
    }

    /// Whether a listener that heard this knows what it should: of a FIFO queue it may hear more.
    private static func isHint(_ actual: Availability?, enoughFor expected: Availability?, of queue: QueueName) -> Bool
    {
        guard queue.isFifo, let expected else { return queue.isFifo || actual == expected }
        guard let actual, actual.now == expected.now, actual.isQueueDeleted == expected.isQueueDeleted,
            actual.availableNow >= expected.availableNow
        else { return false }
        guard let next = expected.nextAvailableAt, actual.availableNow == expected.availableNow else { return true }
        return actual.nextAvailableAt.map { $0 <= next } ?? false
    }

    private func sweep(rowsMax: Int) throws {
        try reference.sweep(rowsMax: rowsMax)
        try subject.sweep(rowsMax: rowsMax)
    }

    private mutating func compareStates(after next: ModelGenerator.Step) throws {
        // The snapshot is taken behind the hints of what was submitted before.
        let expected = try reference.store.snapshot()
        let actual = try subject.store.snapshot()
        if let details = expected.difference(from: actual) {
            throw difference("the state after \(next)", details)
        }
        machine?.noteCommits(of: subject)
        let expectedHints = reference.hintsSoFar()
        let actualHints = subject.hintsSoFar()
        let isHeard = Set(expectedHints.keys).union(actualHints.keys).allSatisfy { queue in
            ModelRun.isHint(actualHints[queue], enoughFor: expectedHints[queue], of: queue)
        }
        if !isHeard {
            throw difference(
                "what the listener heard after \(next)",
                "  expected \(expectedHints.values)\n  got \(actualHints.values)"
            )
        }
    }

    private mutating func note(_ event: @autoclosure () -> String) {
        if keepsHistory { history.append(event()) }
    }

    /// A description of bearable length: a batch of messages with all their bytes is none.
    private static func short(_ value: Any) -> String {
        let text = "\(value)"
        return text.count > 1_500 ? "\(text.prefix(1_500))..." : text
    }

    private func difference(_ what: String, _ details: String) -> Difference {
        let told = history.suffix(12).map { "\n  \(ModelRun.short($0))" }.joined()
        let before = history.isEmpty ? "" : "\nBefore it:\(told)"
        return Difference(
            seed: seed,
            commandCount: commandCount,
            step: step,
            what: ModelRun.short(what),
            details: details + before,
            test: machine == nil ? "ModelTests" : "ClockModelTests"
        )
    }
}

extension Command {
    var isOfMoveTask: Bool {
        switch self {
        case .startMessageMoveTask, .moveMessages: true
        default: false
        }
    }

    /// Whether it may shorten a retention, so that messages expire at once.
    fileprivate var mayLetMessagesExpire: Bool {
        switch self {
        case .setQueueAttributes(let command): command.changes[.messageRetentionPeriod] != nil
        // A dead letter brings its age along, and may be too old for where it is moved.
        case .receiveMessages: true
        default: false
        }
    }

    /// Whether two outcomes of it say the same.
    ///
    /// A FIFO queue's next moment of availability says nothing more once it is over.
    func isSame(
        _ left: Result<Outcome, StoreError>,
        _ right: Result<Outcome, StoreError>
    ) -> Bool {
        guard case .receiveMessages(let command) = self, command.queue.isFifo,
            case .success(.receivedMessages(var left)) = left, case .success(.receivedMessages(var right)) = right
        else { return left == right }
        left.nextAvailableAt = left.nextAvailableAt.map { max($0, left.now) }
        right.nextAvailableAt = right.nextAvailableAt.map { max($0, right.now) }
        return left == right
    }
}

extension [Command] {
    /// The same commands in as few parts as possible in which nothing expires before a command of a move task.
    ///
    /// Such a command may remove what has expired or leave it, and what is left may count as in flight; a sweep before
    /// each part leaves it nothing to choose.
    var partsToSweepBefore: [[Command]] {
        var parts: [[Command]] = []
        var part: [Command] = []
        for command in self {
            if command.isOfMoveTask, part.contains(where: \.mayLetMessagesExpire) {
                parts.append(part)
                part = []
            }
            part.append(command)
        }
        return part.isEmpty ? parts : parts + [part]
    }
}
