import QueueModel
import ReferenceStore
import SQLiteStore

extension PowerRun {
    /// The next group of commands, handed over at once, or another step of the generator.
    mutating func next(_ store: SQLiteStore) throws {
        clock.advance(milliseconds: Int64(generator.clockStep()))
        var group: [Command] = []
        let size = random.number(in: 1...12)
        while group.count < size {
            switch generator.step(canRestart: false) {
            case .commands(let commands):
                group += commands.map { larger($0) }
            case .sweep(let rowsMax):
                try carryOut(group, store)
                group = []
                try sweep(store, rowsMax: rowsMax)
            case .counts(let queue):
                try carryOut(group, store)
                group = []
                try sweep(store, rowsMax: 500)
                // Behind the sweep in a group of its own.
                let commands: [Command] = [
                    .describeQueue(DescribeQueueCommand(queue: queue, includesCounts: true)),
                    .listMessageMoveTasks(ListMessageMoveTasksCommand(source: queue)),
                    .listMessageMoveTasks(ListMessageMoveTasksCommand(source: nil)),
                ]
                try carryOut(commands, store)
            case .restart:
                preconditionFailure("no restart was asked for")
            }
            if disk.hasCrashed { return }
        }
        try carryOut(group, store)
        if random.isTrue(percent: 25), !disk.hasCrashed {
            try judge(store, "while running")
        }
    }

    /// Compares the state with those that it may have; does nothing if the power is gone.
    mutating func judge(_ store: SQLiteStore, _ moment: String) throws {
        let actual: StoreSnapshot
        do {
            actual = try store.snapshot()
        } catch {
            guard disk.hasFailed else { throw difference("no snapshot \(moment)", "\(error)") }
            return
        }
        if let details = candidates.difference(from: actual) {
            throw difference("the state \(moment)", details)
        }
        candidates.keep(actual)
    }

    private mutating func carryOut(_ commands: [Command], _ store: SQLiteStore) throws {
        for part in commands.partsToSweepBefore where !disk.hasCrashed {
            // How many expired messages are still there when a task looks is the store's choice.
            if part.contains(where: \.isOfMoveTask) { try sweep(store, rowsMax: 500) }
            guard try carryOutAtOnce(part, store) else { return }
        }
    }

    /// Hands commands over at once; they are carried out in batches of a known size.
    ///
    /// - Returns: whether all were answered.
    private mutating func carryOutAtOnce(_ commands: [Command], _ store: SQLiteStore) throws -> Bool {
        note("\(commands.count) commands: \(commands)")
        let outcomes = store.apply(commands)
        var hasFailed = false
        for start in stride(from: 0, to: commands.count, by: configuration.batchCommandsMax) {
            let range = start..<min(start + configuration.batchCommandsMax, commands.count)
            // What is not available is not carried out.
            let batch = range.map { Answered(command: commands[$0], outcome: outcomes[$0]) }
                .filter { !$0.outcome.isRefusal }
            let unanswered = batch.count { $0.outcome == .failure(.failed) }
            if unanswered == 0 {
                guard !hasFailed || batch.isEmpty else {
                    throw difference("a batch was answered after one was not", "\(batch)")
                }
                if let details = candidates.carryOut(batch, isShortOfRoom: isDiskFull && disk.hasFailed) {
                    throw difference("an answer", details)
                }
                for answer in batch {
                    learn(answer.command, answer.outcome, store)
                }
            } else {
                guard unanswered == batch.count else {
                    throw difference("a batch was answered in part", "\(batch)")
                }
                note("the batch from command \(start) on got no answer")
                if !hasFailed { candidates.mayCarryOut(batch.map(\.command), isShortOfRoom: isDiskFull) }
                hasFailed = true
            }
        }
        guard !hasFailed || disk.hasFailed else { throw difference("the store failed on a good disk", "") }
        return !hasFailed
    }

    private mutating func learn(_ command: Command, _ outcome: Result<Outcome, StoreError>, _ store: SQLiteStore) {
        generator.learn(command, outcome)
        if handle == nil, case .success(.receivedMessages(let received)) = outcome,
            let receipt = received.messages.first?.receipt
        {
            handle = (store.receiptSeal.seal(receipt), receipt)
        }
    }

    /// Now and then the same with bodies that take pages of their own, so that logs and databases grow.
    private mutating func larger(_ command: Command) -> Command {
        guard case .sendMessages(var send) = command, random.isTrue(percent: 20) else { return command }
        for index in send.messages.indices where random.isTrue(percent: 50) {
            let size = random.one(of: [900, 5_000, 20_000])
            send.messages[index].content.body += Array(repeating: 120, count: size)
        }
        return .sendMessages(send)
    }
}

extension Result<Outcome, StoreError> {
    /// Whether the command was refused for the moment, and so not carried out.
    var isRefusal: Bool {
        guard case .failure(.unavailable) = self else { return false }
        return true
    }
}
