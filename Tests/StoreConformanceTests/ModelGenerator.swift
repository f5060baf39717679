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

    private let wholeSecondsOnly: Bool
    private let longStepPercent: Int
    private var restarts = 0
    private var uncreated: [QueueName]

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        let names = ["a", "b", "b-letters", "c", "d"].map(QueueName.named)
        queues = Array(names.prefix(random.number(in: 3...5)))
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

    /// Takes note of the receipts in an outcome.
    mutating func learn(_ command: Command, _ outcome: Result<Outcome, StoreError>) {
        guard case .receiveMessages(let command) = command, case .success(.receivedMessages(let received)) = outcome
        else { return }
        for message in received.messages {
            // Old receipts make room at random, so that some are kept for long.
            if receipts.count >= 60 {
                receipts.remove(at: random.number(in: 0...receipts.count - 1))
            }
            receipts.append((command.queue, message.receipt))
        }
    }

    mutating func queue() -> QueueName {
        random.one(of: queues)
    }

    private mutating func command() -> Command {
        switch random.number(in: 1...200) {
        case ...4: return createQueue(queue())
        case ...6: return .deleteQueue(queue())
        case ...8: return .purgeQueue(PurgeQueueCommand(queue: queue()))
        case ...16:
            let changes = attributes(countMax: 3)
            return .setQueueAttributes(SetQueueAttributesCommand(queue: queue(), changes: changes))
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
