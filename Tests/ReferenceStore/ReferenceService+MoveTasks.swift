import QueueModel

/// A move task and what it remembers.
struct ReferenceMoveTask {
    var task: MessageMoveTask
    /// The number that the source had; after a purge it has another one.
    let sourceNumber: UInt64
    /// What enters the source from this sequence on is not the task's.
    let sequenceBound: UInt64
}

extension ReferenceService {
    mutating func startMessageMoveTask(_ command: StartMessageMoveTaskCommand) throws(StoreError) {
        let source = try queue(command.source)
        guard !sources(of: command.source).isEmpty else { throw .refused(.sourceMustBeDeadLetterQueue) }
        if let destination = command.destination {
            guard queues[destination] != nil else { throw .refused(.resourceNotFound("DestinationArn")) }
            guard destination.isFifo == command.source.isFifo else { throw .refused(.destinationMustBeOfSameType) }
        }
        guard !moveTasks.contains(where: { $0.task.source == command.source && $0.task.status == .running }) else {
            throw .refused(.taskAlreadyRunning)
        }
        let task = MessageMoveTask(
            id: command.taskId,
            source: command.source,
            destination: command.destination,
            maxNumberOfMessagesPerSecond: command.maxNumberOfMessagesPerSecond,
            status: .running,
            movedCount: 0,
            toMoveCount: source.messages.count { !source.isExpired($0, at: now) },
            failureReason: nil,
            startedAt: now
        )
        moveTasks.append(
            ReferenceMoveTask(task: task, sourceNumber: source.number, sequenceBound: source.nextSequence)
        )
    }

    func listMessageMoveTasks(_ command: ListMessageMoveTasksCommand) throws(StoreError) -> [MessageMoveTask] {
        let newestFirst = moveTasks.reversed().map(\.task)
        guard let source = command.source else { return newestFirst.filter { $0.status == .running } }
        _ = try queue(source)
        return Array(newestFirst.filter { $0.source == source }.prefix(Limits.moveTasksListedMax))
    }

    mutating func cancelMessageMoveTask(_ command: CancelMessageMoveTaskCommand) throws(StoreError) -> Int {
        _ = try queue(command.source)
        guard let index = runningTask(command.taskId), moveTasks[index].task.source == command.source else {
            throw .refused(.taskDoesNotExist)
        }
        moveTasks[index].task.status = .cancelled
        return moveTasks[index].task.movedCount
    }

    mutating func moveMessages(_ command: MoveMessagesCommand) -> MovedMessages {
        guard let index = runningTask(command.taskId) else { return MovedMessages(count: 0, isRunning: false) }
        var random = SplitMix64(seed: command.seed)
        let before = moveTasks[index].task.movedCount
        while moveTasks[index].task.status == .running {
            let next = nextMessage(of: moveTasks[index])
            guard let next, moveTasks[index].task.movedCount - before < command.messagesMax else {
                if next == nil { moveTasks[index].task.end(queues[moveTasks[index].task.source]) }
                break
            }
            guard let destination = moveTasks[index].task.destination ?? next.deadLetterSource else {
                moveTasks[index].task.fail("CouldNotDetermineMessageSource")
                break
            }
            guard queues[destination] != nil else {
                moveTasks[index].task.fail(SQSError.queueDoesNotExist.code)
                break
            }
            redrive(next, from: moveTasks[index].task.source, to: destination, as: .random(using: &random))
            moveTasks[index].task.movedCount += 1
        }
        let task = moveTasks[index].task
        return MovedMessages(count: task.movedCount - before, isRunning: task.status == .running)
    }

    private func runningTask(_ id: MessageID) -> Int? {
        moveTasks.firstIndex { $0.task.id == id && $0.task.status == .running }
    }

    /// The first of the task's messages that can be moved now; in a FIFO queue none overtakes another of its group.
    private func nextMessage(of task: ReferenceMoveTask) -> ReferenceMessage? {
        guard let source = queues[task.task.source], source.number == task.sourceNumber else { return nil }
        return source.messages.first { message in
            message.sequence < task.sequenceBound && source.availableAt(message) <= now
                && !source.isExpired(message, at: now)
                && (!source.attributes.isFifo || source.isFirstOfGroup(message, at: now))
        }
    }

    /// Sends a message anew to another queue and removes it from its own.
    private mutating func redrive(
        _ message: ReferenceMessage,
        from source: QueueName,
        to destination: QueueName,
        as messageId: MessageID
    ) {
        queues[source]?.messages.removeAll { $0.sequence == message.sequence }
        let delay = queues[destination]?.attributes.delaySeconds ?? 0
        append(
            ReferenceMessage(
                sequence: 0,
                messageId: messageId,
                content: message.content,
                sentAt: now,
                hiddenUntil: delay > 0 && !destination.isFifo ? now.adding(seconds: delay) : nil
            ),
            to: destination
        )
    }
}

extension MessageMoveTask {
    /// Ends a task that finds nothing more to move in its source, if that is still there.
    fileprivate mutating func end(_ source: ReferenceQueue?) {
        if source == nil {
            fail(SQSError.queueDoesNotExist.code)
        } else {
            status = .completed
        }
    }

    fileprivate mutating func fail(_ reason: String) {
        status = .failed
        failureReason = reason
    }
}
