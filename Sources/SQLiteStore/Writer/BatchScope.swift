import QueueModel

/// What a batch carries out; the less room there is, the less.
enum BatchScope {
    case all

    /// Nothing that writes new messages.
    case withoutSends

    /// Nothing that copies messages: what a receive would move to a dead-letter queue it passes by.
    case withoutMoves

    /// Only what removes, hides anew or looks.
    ///
    /// That needs no room but in the log, and now and then a page for leases: messages that were received together have
    /// one row, which is divided if they are hidden anew or deleted one by one. The ballast has room for many.
    case removals

    /// What is tried next when the disk was too full for this.
    var narrower: BatchScope? {
        switch self {
        case .all: .withoutSends
        case .withoutSends: .withoutMoves
        case .withoutMoves: .removals
        case .removals: nil
        }
    }

    /// Whether receives may move messages to dead-letter queues.
    var includesDeadLetterMoves: Bool {
        switch self {
        case .all, .withoutSends: true
        case .withoutMoves, .removals: false
        }
    }

    func includes(_ command: Command) -> Bool {
        switch command {
        case .sendMessages, .moveMessages, .parkMessages:
            self == .all
        case .receiveMessages, .createQueue, .setQueueAttributes, .tagQueue, .untagQueue, .addPermission,
            .removePermission, .startMessageMoveTask:
            self != .removals
        case .deleteMessages, .changeMessageVisibility, .deleteQueue, .purgeQueue, .sweep,
            .cancelMessageMoveTask,
            .describeQueue, .listQueues, .listDeadLetterSourceQueues, .listMessageMoveTasks, .leaseChore, .probe:
            true
        }
    }
}
