import QueueModel

/// All queues, and what the commands do to them.
struct ReferenceService {
    let inFlightMessagesMax: Int
    var queues: [QueueName: ReferenceQueue] = [:]

    /// The moment of the batch.
    private(set) var now = Timestamp(milliseconds: 0)

    var lastQueueNumber: UInt64 = 0
    /// When names were last taken away.
    var deletedAt: [QueueName: Timestamp] = [:]
    /// All move tasks in the order in which they began.
    var moveTasks: [ReferenceMoveTask] = []
    /// Whether receives pass by what was received too often, as a store without room does, instead of moving it.
    var isPassingDeadLettersBy = false
    private var chores: [String: (holder: String, until: Timestamp)] = [:]
    var hints: [QueueName: Availability] = [:]

    init(inFlightMessagesMax: Int) {
        self.inFlightMessagesMax = inFlightMessagesMax
    }

    /// Starts a batch of commands.
    mutating func begin(at now: Timestamp) {
        self.now = now
    }

    /// What the batch made available, one hint for each queue, in the order of the names.
    mutating func takeHints() -> [Availability] {
        defer { hints = [:] }
        return hints.values.sorted { $0.queue < $1.queue }
    }

    mutating func carryOut(_ command: Command) throws(StoreError) -> Outcome {
        let former = queues
        let outcome = try outcome(of: command)
        noteChangedHeads(since: former)
        return outcome
    }

    private mutating func outcome(of command: Command) throws(StoreError) -> Outcome {
        switch command {
        case .createQueue(let command):
            return .createdQueue(isNew: try createQueue(command))
        case .deleteQueue(let name):
            try deleteQueue(name)
            return .deletedQueue
        case .purgeQueue(let command):
            try purgeQueue(command)
            return .purgedQueue
        case .setQueueAttributes(let command):
            try setQueueAttributes(command)
            return .setQueueAttributes
        case .tagQueue(let command):
            try tagQueue(command)
            return .taggedQueue
        case .untagQueue(let command):
            try untagQueue(command)
            return .untaggedQueue
        case .addPermission(let command):
            try addPermission(command)
            return .addedPermission
        case .removePermission(let command):
            try removePermission(command)
            return .removedPermission
        case .listDeadLetterSourceQueues(let command):
            return .listedDeadLetterSourceQueues(try listDeadLetterSourceQueues(command))
        case .startMessageMoveTask(let command):
            try startMessageMoveTask(command)
            return .startedMessageMoveTask
        case .listMessageMoveTasks(let command):
            return .listedMessageMoveTasks(try listMessageMoveTasks(command))
        case .cancelMessageMoveTask(let command):
            return .cancelledMessageMoveTask(movedCount: try cancelMessageMoveTask(command))
        case .moveMessages(let command):
            return .movedMessages(moveMessages(command))
        case .parkMessages(let command):
            return .parkedMessages(count: try parkMessages(command))
        case .describeQueue(let command):
            return .describedQueue(try describeQueue(command))
        case .listQueues(let command):
            return .listedQueues(listQueues(command))
        case .sendMessages(let command):
            return .sentMessages(try sendMessages(command))
        case .receiveMessages(let command):
            return .receivedMessages(try receiveMessages(command))
        case .deleteMessages(let command):
            return .deletedMessages(try deleteMessages(command))
        case .changeMessageVisibility(let command):
            return .changedMessageVisibility(try changeMessageVisibility(command))
        case .sweep:
            removeExpired { _ in true }
            return .swept(hasMore: false)
        case .leaseChore(let command):
            return .leasedChore(leaseChore(command))
        case .probe:
            return .probed
        }
    }

    /// What is there, without expired messages.
    func snapshot(at now: Timestamp) -> StoreSnapshot {
        StoreSnapshot(
            queues: queues.mapValues { queue in
                StoreSnapshot.Queue(
                    description: describe(queue, counts: nil),
                    messages: queue.messages.filter { !queue.isExpired($0, at: now) }.map { message in
                        StoreSnapshot.StoredMessage(
                            messageId: message.messageId,
                            content: message.content,
                            sentAt: message.sentAt,
                            deadLetterSource: message.deadLetterSource,
                            sequenceNumber: queue.sequenceNumber(of: message.sequence),
                            receiveCount: message.receiveCount,
                            firstReceivedAt: message.firstReceivedAt,
                            receivedAt: message.receivedAt,
                            availableAt: message.hiddenUntil ?? message.sentAt
                        )
                    }
                )
            }
        )
    }

    /// The queue, or QueueDoesNotExist.
    func queue(_ name: QueueName) throws(StoreError) -> ReferenceQueue {
        guard let queue = queues[name] else { throw .queueDoesNotExist }
        return queue
    }

    /// Notes for the listener that messages of a queue are available from some moment on.
    mutating func note(_ name: QueueName, availableAt moment: Timestamp) {
        let old = hints[name]
        let next = moment > now ? min(moment, old?.nextAvailableAt ?? moment) : old?.nextAvailableAt
        hints[name] = Availability(
            queue: name,
            availableNow: (old?.availableNow ?? 0) + (moment > now ? 0 : 1),
            nextAvailableAt: next,
            now: now,
            isQueueDeleted: old?.isQueueDeleted ?? false
        )
    }

    mutating func removeExpired(where isRemoved: (UInt64) -> Bool) {
        for (name, queue) in queues {
            queues[name]?.messages.removeAll { queue.isExpired($0, at: now) && isRemoved(queue.locator(of: $0)) }
        }
    }

    private mutating func leaseChore(_ command: LeaseChoreCommand) -> Bool {
        if let lease = chores[command.chore], lease.holder != command.holder, lease.until > now { return false }
        chores[command.chore] = (command.holder, now.adding(seconds: command.seconds))
        return true
    }
}
