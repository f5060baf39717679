import QueueModel

/// Draws what happens next in a run of the model test.
///
/// All is drawn from the seed and from what the reference store answered, so a seed always gives the same run.
struct ModelGenerator {
    /// What happens next.
    enum Step {
        /// Commands for one submission.
        case commands([Command])
        /// Sweeps until nothing is left, in steps of so many rows.
        case sweep(rowsMax: Int)
        /// Sweeps, then describes a queue with its counts.
        case counts(QueueName)
        /// Closes the store and opens it again.
        case restart
    }

    /// How many messages of a queue may be in flight in this run.
    let inFlightMessagesMax: Int

    var random: SplitMix64
    let queues: [QueueName]
    var receipts: [(queue: QueueName, receipt: Receipt)] = []
    var lastMessageNumber: UInt64 = 0
    var tasks: [(id: MessageID, source: QueueName)] = []
    var lastTaskNumber: UInt64 = 0

    let kinds: Set<ModelSettings.Kind>

    private let wholeSecondsOnly: Bool
    private let longStepPercent: Int
    private var restarts = 0
    private var uncreated: [QueueName]

    init(seed: UInt64, kinds: Set<ModelSettings.Kind>) {
        self.kinds = kinds
        random = SplitMix64(seed: seed)
        // A queue sends its dead letters to one that comes later in this order, and only to one of its type.
        let names =
            kinds.contains(.fifo) ? ["a", "b-letters", "b.fifo", "c", "d.fifo"] : ["a", "b", "b-letters", "c", "d"]
        let count = random.number(in: kinds.contains(.fifo) ? 4...5 : 3...5)
        // Without the first, not the last: else there would be one FIFO queue only.
        queues = names.map(QueueName.named).suffix(count)
        uncreated = queues
        inFlightMessagesMax = random.one(of: [3, 12, 30, Limits.inFlightMessagesMax])
        wholeSecondsOnly = random.isTrue(percent: 60)
        longStepPercent = random.one(of: [0, 2, 6])
    }

    /// Milliseconds by which the clock moves before the next step.
    mutating func clockStep() -> Int {
        switch random.number(in: 1...100) {
        case ...longStepPercent:
            return random.one(of: [3_600, 43_200, 50_000, 345_600]) * 1_000
        case ...45:
            return 0
        case ...60:
            return wholeSecondsOnly ? 1_000 : random.one(of: [1, 2, 500, 999, 1_001])
        case ...90:
            return random.number(in: 1...6) * 1_000
        default:
            return random.number(in: 7...90) * 1_000
        }
    }

    mutating func step(canRestart: Bool) -> Step {
        if let queue = uncreated.popLast() {
            return .commands([firstCreation(of: queue)])
        }
        switch random.number(in: 1...1_000) {
        case ...30:
            return .sweep(rowsMax: random.one(of: [1, 3, 500]))
        case ...90:
            return .counts(queue())
        case ...110 where canRestart:
            restarts += 1
            return .restart
        case ...230:
            return .commands((0..<random.number(in: 2...6)).map { _ in command() })
        default:
            return .commands([command()])
        }
    }

    /// Takes note that the store was opened again for another reason than a step of this generator.
    mutating func learnOfRestart() {
        restarts += 1
    }

    /// Takes note of the receipts in an outcome, and of tasks.
    mutating func learn(_ command: Command, _ outcome: Result<Outcome, StoreError>) {
        switch (command, outcome) {
        case (.receiveMessages(let command), .success(.receivedMessages(let received))):
            for message in received.messages {
                // Old receipts make room at random, so that some are kept for long.
                if receipts.count >= 60 {
                    receipts.remove(at: random.number(in: 0...receipts.count - 1))
                }
                receipts.append((command.queue, message.receipt))
            }
        case (.startMessageMoveTask(let command), .success):
            tasks.append((command.taskId, command.source))
        default:
            break
        }
    }

    mutating func queue() -> QueueName {
        random.one(of: queues)
    }

    /// A command of a kind that is there only if it was asked for, or nothing.
    private mutating func rareCommand() -> Command? {
        let kind: ModelSettings.Kind
        switch random.number(in: 1...200) {
        case ...4: kind = .tags
        case ...7: kind = .permissions
        case ...9: kind = .sources
        case ...24: kind = .tasks
        default: return nil
        }
        guard kinds.contains(kind) else { return nil }
        return switch kind {
        case .tags: tagOrUntagQueue()
        case .permissions: addOrRemovePermission()
        case .sources: listDeadLetterSourceQueues()
        default: taskCommand()
        }
    }

    private mutating func command() -> Command {
        if let rare = rareCommand() { return rare }
        switch random.number(in: 1...200) {
        case ...4: return createQueue(queue())
        case ...6: return .deleteQueue(queue())
        case ...8: return purgeQueue()
        case ...16:
            let queue = queue()
            let changes =
                queue.isFifo && random.isTrue(percent: 40)
                ? deduplicationScopeChange() : attributes(of: queue, countMax: 3)
            return .setQueueAttributes(SetQueueAttributesCommand(queue: queue, changes: changes))
        case ...20: return .describeQueue(DescribeQueueCommand(queue: queue(), includesCounts: false))
        case ...22: return listQueues()
        case ...24:
            return .leaseChore(
                LeaseChoreCommand(
                    // A lease need not outlive a restart.
                    chore: "sweep \(restarts)",
                    holder: random.one(of: ["x", "y"]),
                    seconds: random.number(in: 0...5)
                )
            )
        case ...25: return .probe
        case ...80: return sendMessages()
        case ...145: return receiveMessages()
        case ...175: return deleteMessages()
        default: return changeMessageVisibility()
        }
    }
}
