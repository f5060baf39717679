import QueueModel

/// All queues, and what the commands do to them.
struct ReferenceService {
    let inFlightMessagesMax: Int
    var queues: [QueueName: ReferenceQueue] = [:]

    /// The moment of the batch.
    private(set) var now = Timestamp(milliseconds: 0)

    private var lastQueueNumber: UInt64 = 0
    private var chores: [String: (holder: String, until: Timestamp)] = [:]
    private var hints: [QueueName: Availability] = [:]

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
        switch command {
        case .createQueue(let command):
            return .createdQueue(isNew: try createQueue(command))
        case .deleteQueue(let name):
            try deleteQueue(name)
            return .deletedQueue
        case .purgeQueue(let command):
            try purgeQueue(command.queue)
            return .purgedQueue
        case .setQueueAttributes(let command):
            try setQueueAttributes(command)
            return .setQueueAttributes
        case .tagQueue, .untagQueue, .addPermission, .removePermission, .listDeadLetterSourceQueues,
            .startMessageMoveTask, .listMessageMoveTasks, .cancelMessageMoveTask, .moveMessages:
            throw .refused(.unsupportedOperation("not yet"))
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
            sweep()
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
                            availableAt: queue.availableAt(message)
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

    private mutating func createQueue(_ command: CreateQueueCommand) throws(StoreError) -> Bool {
        let given = command.attributes
        let fresh = QueueAttributes(isFifo: command.queue.isFifo)
        let attributes = try allowed { () throws(SQSError) in try fresh.changed(by: given) }
        if let existing = queues[command.queue] {
            let names = given.keys.sorted { $0.rawValue < $1.rawValue }
            if let differing = names.first(where: { attributes[$0] != existing.attributes[$0] }) {
                throw .refused(.queueNameExists(differing: differing))
            }
            return false
        }
        try checkRedrivePolicy(given, of: command.queue)
        queues[command.queue] = ReferenceQueue(
            number: newQueueNumber(),
            attributes: attributes,
            createdAt: now,
            lastModifiedAt: now
        )
        return true
    }

    private mutating func setQueueAttributes(_ command: SetQueueAttributesCommand) throws(StoreError) {
        var queue = try queue(command.queue)
        let old = queue.attributes
        queue.attributes = try allowed { () throws(SQSError) in try old.changed(by: command.changes) }
        try checkRedrivePolicy(command.changes, of: command.queue)
        queue.lastModifiedAt = now
        queues[command.queue] = queue
    }

    private mutating func deleteQueue(_ name: QueueName) throws(StoreError) {
        _ = try queue(name)
        queues[name] = nil
        hints[name] = Availability(
            queue: name,
            availableNow: hints[name]?.availableNow ?? 0,
            nextAvailableAt: hints[name]?.nextAvailableAt,
            now: now,
            isQueueDeleted: true
        )
    }

    private mutating func purgeQueue(_ name: QueueName) throws(StoreError) {
        var queue = try queue(name)
        queue.messages = []
        queue.nextSequence = 1
        queue.deduplications = [:]
        queue.attempts = [:]
        // Receipts from before the purge must find nothing, and no message that is sent later.
        queue.number = newQueueNumber()
        queues[name] = queue
    }

    private func describeQueue(_ command: DescribeQueueCommand) throws(StoreError) -> QueueDescription {
        let queue = try queue(command.queue)
        return describe(queue, counts: command.includesCounts ? queue.counts(at: now) : nil)
    }

    private func listQueues(_ command: ListQueuesCommand) -> ListedQueues {
        let names = queues.keys.sorted().filter { name in
            name.text.utf8.starts(with: command.prefix.utf8) && command.after.map { $0 < name } ?? true
        }
        return ListedQueues(names: Array(names.prefix(command.limit)), hasMore: names.count > command.limit)
    }

    private mutating func sweep() {
        for (name, queue) in queues {
            let heads = queue.expiredHeads(at: now)
            queues[name]?.messages.removeAll { queue.isExpired($0, at: now) }
            note(name, groups: heads)
        }
    }

    private mutating func leaseChore(_ command: LeaseChoreCommand) -> Bool {
        if let lease = chores[command.chore], lease.holder != command.holder, lease.until > now { return false }
        chores[command.chore] = (command.holder, now.adding(seconds: command.seconds))
        return true
    }

    private mutating func newQueueNumber() -> UInt64 {
        lastQueueNumber += 1
        return lastQueueNumber
    }

    private func describe(_ queue: ReferenceQueue, counts: QueueCounts?) -> QueueDescription {
        QueueDescription(
            attributes: queue.attributes,
            createdAt: queue.createdAt,
            lastModifiedAt: queue.lastModifiedAt,
            counts: counts
        )
    }

    private func checkRedrivePolicy(
        _ changes: [QueueAttributeName: String],
        of name: QueueName
    ) throws(StoreError) {
        try allowed { () throws(SQSError) in
            try RedrivePolicyCheck.check(changes: changes, of: name, attributes: { queues[$0]?.attributes })
        }
    }

    /// Turns a rule's refusal into the store's error.
    private func allowed<Value>(_ rule: () throws(SQSError) -> Value) throws(StoreError) -> Value {
        do {
            return try rule()
        } catch {
            throw .refused(error)
        }
    }
}
