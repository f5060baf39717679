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
    func moveMessages(_ command: MoveMessagesCommand) throws(SQLiteError) -> Result<Outcome, StoreError> {
        guard var task = try moveTasks.find(command.taskId), task.description.status == .running else {
            return .success(.movedMessages(MovedMessages(count: 0, isRunning: false)))
        }
        let movedBefore = task.description.movedCount
        if let source = records[task.description.source] {
            if source.number == task.sourceNumber {
                try move(command, from: source, &task)
            } else {
                // A purge has left nothing to move.
                task.end(.completed)
            }
        } else {
            task.end(.failed, failureReason: SQSError.queueDoesNotExist.code)
        }
        try moveTasks.update(task)
        noteWrite()
        let moved = MovedMessages(
            count: task.description.movedCount - movedBefore,
            isRunning: task.description.status == .running
        )
        return .success(.movedMessages(moved))
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
        while let candidate = try moveTasks.nextCandidate() {
            let isAvailable = (candidate.deadline ?? candidate.sentAt.adding(seconds: freshDelaySeconds)) <= now
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
            preconditionFailure("the message with key \(key.rawValue) is gone between two statements")
        }
        guard let name = destination ?? row.deadLetterSource else { return "CouldNotDetermineMessageSource" }
        guard let target = records[name] else { return SQSError.queueDoesNotExist.code }
        try remove(key, lease: try leases.find(key)?.lease, from: source)
        _ = try append(NewMessage(messageId: ids.draw(), content: row.content), to: target)
        return nil
    }
}
