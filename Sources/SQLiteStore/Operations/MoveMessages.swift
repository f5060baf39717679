import QueueModel
import SQLite

extension QueueDatabase {
    /// Messages that a step of a move task has found, all before the first write.
    private struct Step {
        static let rowsMax = 1_000
        static let bodiesSizeBytesMax = 4 * 1_048_576

        var move: [MessageKey] = []
        var expire: [MessageKey] = []

        /// Bytes in the bodies of both.
        var bodiesSizeBytes = 0

        /// The first message that can't be moved now.
        var firstSkipped: MessageKey?

        /// Where the next step goes on if this one passes nothing over; nothing if the bound was reached.
        var next: MessageKey?
    }

    /// Does a step of a move task: the first messages below the task's bound that are available now.
    func moveMessages(_ command: MoveMessagesCommand) throws(SQLiteError) -> Execution {
        guard moveStepsLeft > 0 else { return .unfinished }
        moveStepsLeft -= 1
        return .done(.success(.movedMessages(try step(command))))
    }

    private func step(_ command: MoveMessagesCommand) throws(SQLiteError) -> MovedMessages {
        guard var task = try moveTasks.find(command.taskId), task.description.status == .running else {
            return MovedMessages(count: 0, isRunning: false)
        }
        let movedBefore = task.description.movedCount
        if let source = records[task.description.source], source.number == task.sourceNumber {
            try move(command, from: source, &task)
        } else {
            task.end(.completed)
        }
        try moveTasks.update(task)
        noteWrite()
        return MovedMessages(
            count: task.description.movedCount - movedBefore,
            isRunning: task.description.status == .running
        )
    }

    /// Ends the task that moves messages out of a queue, if there is one, since a purge leaves it nothing to move.
    func completeMoveTask(of source: QueueName) throws(SQLiteError) {
        guard var task = try moveTasks.last(1, of: source).first, task.description.status == .running else { return }
        task.end(.completed)
        try moveTasks.update(task)
    }

    private func move(
        _ command: MoveMessagesCommand,
        from source: QueueRecord,
        _ task: inout MoveTask
    ) throws(SQLiteError) {
        let step = try look(for: command.messagesMax, in: source, task)
        for key in step.expire {
            try remove(key, lease: try leases.find(key)?.lease, from: source)
        }
        var ids = SplitMix64(seed: command.seed)
        for key in step.move {
            if let reason = try move(key, from: source, to: task.description.destination, &ids) {
                task.end(.failed, failureReason: reason)
                return
            }
            task.description.movedCount += 1
        }
        advance(&task, after: step)
    }

    /// Looks for messages to move; all that it passes over are unavailable now.
    private func look(
        for count: Int,
        in source: QueueRecord,
        _ task: MoveTask
    ) throws(SQLiteError) -> Step {
        var step = Step()
        moveTasks.startCandidates(from: source.key(task.position), before: source.key(task.bound))
        defer { moveTasks.endCandidates() }
        // A FIFO queue's delay counts for what is already there; a standard queue's is a lease.
        let freshDelaySeconds = source.isFifo ? source.attributes.delaySeconds : 0
        var rows = 0
        var groups = GroupOrder()
        while let candidate = try moveTasks.nextCandidate() {
            var isAvailable = (candidate.deadline ?? candidate.sentAt.adding(seconds: freshDelaySeconds)) <= now
            if source.isFifo, !source.isExpired(sentAt: candidate.sentAt, now: now) {
                isAvailable = try isNext(candidate.key, isAvailable: isAvailable, in: source, &groups)
            }
            let isFull = rows == Step.rowsMax || step.bodiesSizeBytes >= Step.bodiesSizeBytesMax
            if isFull || isAvailable && step.move.count == count {
                step.next = candidate.key
                break
            }
            rows += 1
            if source.isExpired(sentAt: candidate.sentAt, now: now) {
                step.expire.append(candidate.key)
                step.bodiesSizeBytes += candidate.bodySizeBytes
            } else if isAvailable {
                step.move.append(candidate.key)
                step.bodiesSizeBytes += candidate.bodySizeBytes
            } else if step.firstSkipped == nil {
                step.firstSkipped = candidate.key
            }
        }
        return step
    }

    /// Which groups of a FIFO queue a step has begun to move, and which have to wait.
    private struct GroupOrder {
        var moving: Set<String> = []
        var waiting: Set<String> = []
    }

    /// Whether a message of a FIFO queue may be moved: nothing of its group that came before it may stay behind, or the
    /// group would be out of order, and in two hands.
    private func isNext(
        _ key: MessageKey,
        isAvailable: Bool,
        in source: QueueRecord,
        _ order: inout GroupOrder
    ) throws(SQLiteError) -> Bool {
        guard let group = try messages.group(of: key)?.name else {
            throw .corrupt("message \(key.rawValue) of FIFO queue \(source.name.text) has no group")
        }
        if order.waiting.contains(group) { return false }
        let isInTurn = order.moving.contains(group) ? true : try isHead(key, of: group, in: source)
        guard isAvailable, isInTurn else {
            order.waiting.insert(group)
            return false
        }
        order.moving.insert(group)
        return true
    }

    /// Whether a message is the first of its group that has not expired.
    private func isHead(_ key: MessageKey, of group: String, in source: QueueRecord) throws(SQLiteError) -> Bool {
        let hash = groupIndex.hash(of: group, number: source.number)
        var first: MessageKey?
        try groupIndex.walk(hash, number: source.number) { key throws(SQLiteError) in
            first = key
            guard let sentAt = try messages.sentAt(of: key) else { throw notFound(key) }
            return source.isExpired(sentAt: sentAt, now: now)
        }
        return first == key
    }

    /// Sets where the task goes on, or ends it when nothing is left that it could move.
    private func advance(_ task: inout MoveTask, after step: Step) {
        if !step.move.isEmpty {
            task.hasMoved = true
        }
        if let next = step.next {
            // What was passed over is looked at once more as long as the steps find something to move.
            if let skipped = step.firstSkipped, !step.move.isEmpty || !step.expire.isEmpty {
                task.position = skipped.sequence
            } else {
                task.position = next.sequence
                task.hasSkipped = task.hasSkipped || step.firstSkipped != nil
            }
        } else if task.hasSkipped && task.hasMoved {
            task.startOver()
        } else {
            task.end(.completed)
        }
    }

    /// Moves a message, which is a new one from then on.
    ///
    /// - Returns: why it can't be moved.
    private func move(
        _ key: MessageKey,
        from source: QueueRecord,
        to destination: QueueName?,
        _ ids: inout SplitMix64
    ) throws(SQLiteError) -> String? {
        guard let row = try messages.find(key) else {
            throw .corrupt("the message with key \(key.rawValue) is listed and can't be found")
        }
        guard let name = destination ?? row.deadLetterSource else { return "CouldNotDetermineMessageSource" }
        guard let target = records[name] else { return SQSError.queueDoesNotExist.code }
        guard !target.isFifo || row.content.messageGroupId != nil else {
            throw .corrupt("message \(key.rawValue) goes to FIFO queue \(name.text) and has no group")
        }
        try remove(key, lease: try leases.find(key)?.lease, from: source)
        failPoint?(.inMoveStep)
        _ = try append(NewMessage(messageId: ids.draw(), content: row.content), to: target)
        return nil
    }
}
