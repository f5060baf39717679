import QueueModel

extension ReferenceService {
    mutating func createQueue(_ command: CreateQueueCommand) throws(StoreError) -> Bool {
        let given = command.attributes
        if let existing = queues[command.queue] {
            let differing = try allowed { () throws(SQSError) in try existing.attributes.firstDiffering(from: given) }
            if let differing { throw .refused(.queueNameExists(differing: differing)) }
            return false
        }
        let fresh = QueueAttributes(isFifo: command.queue.isFifo)
        let attributes = try allowed { () throws(SQSError) in try fresh.changed(by: given) }
        try checkRedrivePolicy(given, of: command.queue)
        let tags = try allowed { () throws(SQSError) in
            try QueueTags().merging(command.tags, of: command.queue)
        }
        if let deletedAt = deletedAt[command.queue], deletedAt.adding(seconds: command.recreationDelaySeconds) > now {
            throw .refused(.queueDeletedRecently)
        }
        queues[command.queue] = ReferenceQueue(
            number: newQueueNumber(),
            attributes: attributes,
            createdAt: now,
            lastModifiedAt: now,
            tags: tags
        )
        deletedAt[command.queue] = nil
        return true
    }

    mutating func setQueueAttributes(_ command: SetQueueAttributesCommand) throws(StoreError) {
        var queue = try queue(command.queue)
        let old = queue.attributes
        let scopeInForce = queue.deduplicationScope(at: now)
        queue.attributes = try allowed { () throws(SQSError) in try old.changed(by: command.changes) }
        try checkRedrivePolicy(command.changes, of: command.queue)
        queue.lastModifiedAt = now
        if queue.attributes.deduplicationScope != old.deduplicationScope {
            queue.formerScope = FormerDeduplicationScope(scope: scopeInForce, changedAt: now)
        }
        queues[command.queue] = queue
        // A FIFO queue's delay holds for what is already there.
        if queue.attributes.isFifo, queue.attributes.delaySeconds != old.delaySeconds,
            let next = queue.groups(at: now).map({ queue.availableAt($0[0]) }).min()
        {
            note(command.queue, availableAt: next)
        }
    }

    mutating func deleteQueue(_ name: QueueName) throws(StoreError) {
        _ = try queue(name)
        queues[name] = nil
        moveTasks.removeAll { $0.task.source == name }
        deletedAt[name] = now
        hints[name] = Availability(
            queue: name,
            availableNow: hints[name]?.availableNow ?? 0,
            nextAvailableAt: hints[name]?.nextAvailableAt,
            now: now,
            isQueueDeleted: true
        )
    }

    mutating func purgeQueue(_ command: PurgeQueueCommand) throws(StoreError) {
        var queue = try queue(command.queue)
        if let purgedAt = queue.purgedAt, purgedAt.adding(seconds: command.intervalSeconds) > now {
            throw .refused(.purgeQueueInProgress(queue: command.queue))
        }
        queue.purgedAt = now
        queue.messages = []
        queue.nextSequence = 1
        queue.deduplications = [:]
        queue.attempts = [:]
        // Receipts from before the purge must find nothing, and no message that is sent later.
        queue.number = newQueueNumber()
        queues[command.queue] = queue
        for index in moveTasks.indices
        where moveTasks[index].task.source == command.queue && moveTasks[index].task.status == .running {
            moveTasks[index].task.status = .completed
        }
    }

    func describeQueue(_ command: DescribeQueueCommand) throws(StoreError) -> QueueDescription {
        let queue = try queue(command.queue)
        return describe(queue, counts: command.includesCounts ? queue.counts(at: now) : nil)
    }

    func listQueues(_ command: ListQueuesCommand) -> ListedQueues {
        let names = queues.keys.sorted().filter { name in
            name.text.utf8.starts(with: command.prefix.utf8) && command.after.map { $0 < name } ?? true
        }
        return ListedQueues(names: Array(names.prefix(command.limit)), hasMore: names.count > command.limit)
    }

    mutating func tagQueue(_ command: TagQueueCommand) throws(StoreError) {
        let tags = try queue(command.queue).tags
        let merged = try allowed { () throws(SQSError) in
            try tags.merging(command.tags, of: command.queue)
        }
        queues[command.queue]?.tags = merged
    }

    mutating func untagQueue(_ command: UntagQueueCommand) throws(StoreError) {
        var tags = try queue(command.queue).tags
        for key in command.tagKeys { tags[key] = nil }
        queues[command.queue]?.tags = tags
    }

    mutating func addPermission(_ command: AddPermissionCommand) throws(StoreError) {
        let policy = try queue(command.queue).attributes.policy
        let changed = try allowed { () throws(SQSError) in
            try QueuePolicy.adding(
                label: command.label,
                awsAccountIds: command.awsAccountIds,
                actions: command.actions,
                queueArn: command.queueArn,
                to: policy
            )
        }
        try setQueueAttributes(SetQueueAttributesCommand(queue: command.queue, changes: [.policy: changed]))
    }

    mutating func removePermission(_ command: RemovePermissionCommand) throws(StoreError) {
        let policy = try queue(command.queue).attributes.policy
        let changed = try allowed { () throws(SQSError) in
            try QueuePolicy.removing(label: command.label, from: policy)
        }
        try setQueueAttributes(SetQueueAttributesCommand(queue: command.queue, changes: [.policy: changed ?? ""]))
    }

    func listDeadLetterSourceQueues(_ command: ListDeadLetterSourceQueuesCommand) throws(StoreError) -> ListedQueues {
        _ = try queue(command.queue)
        let names = sources(of: command.queue).filter { name in command.after.map { $0 < name } ?? true }
        return ListedQueues(names: Array(names.prefix(command.limit)), hasMore: names.count > command.limit)
    }

    /// The queues whose RedrivePolicy names a queue, in the order of their names.
    func sources(of target: QueueName) -> [QueueName] {
        queues.filter { $0.value.attributes.redrivePolicy?.deadLetterTarget.queue == target }.keys.sorted()
    }

    private mutating func newQueueNumber() -> UInt64 {
        lastQueueNumber += 1
        return lastQueueNumber
    }

    func describe(_ queue: ReferenceQueue, counts: QueueCounts?) -> QueueDescription {
        QueueDescription(
            attributes: queue.attributes,
            createdAt: queue.createdAt,
            lastModifiedAt: queue.lastModifiedAt,
            tags: queue.tags,
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
    func allowed<Value>(_ rule: () throws(SQSError) -> Value) throws(StoreError) -> Value {
        do {
            return try rule()
        } catch {
            throw .refused(error)
        }
    }
}
