import QueueModel
import SQLite

extension QueueDatabase {
    /// Expired messages that the start of a task removes at most.
    private static let expiredRowsMax = 1_000

    func startMessageMoveTask(
        _ command: StartMessageMoveTaskCommand
    ) throws(SQLiteError) -> Result<Outcome, StoreError> {
        guard let source = records[command.source] else { return .failure(.queueDoesNotExist) }
        if let refusal = try refusal(of: command) { return .failure(.refused(refusal)) }
        // What has expired is not there to be moved, and not to be counted.
        _ = try sweepExpired(source, rowsMax: QueueDatabase.expiredRowsMax)
        let task = MoveTask(
            description: MessageMoveTask(
                id: command.taskId,
                source: command.source,
                destination: command.destination,
                maxNumberOfMessagesPerSecond: command.maxNumberOfMessagesPerSecond,
                status: .running,
                movedCount: 0,
                toMoveCount: source.messageCount,
                failureReason: nil,
                startedAt: now
            ),
            sourceNumber: source.number,
            bound: source.nextSequence
        )
        try moveTasks.insert(task)
        try moveTasks.forget(allBut: Limits.moveTasksListedMax, of: command.source)
        noteWrite()
        return .success(.startedMessageMoveTask)
    }

    private func refusal(of command: StartMessageMoveTaskCommand) throws(SQLiteError) -> SQSError? {
        if deadLetterSources.names(of: command.source, among: records).isEmpty { return .sourceMustBeDeadLetterQueue }
        if let destination = command.destination {
            guard records[destination] != nil else { return .resourceNotFound("DestinationArn") }
            guard destination.isFifo == command.source.isFifo else { return .destinationMustBeOfSameType }
        }
        // One task runs at most, and it is the newest.
        let newest = try moveTasks.last(1, of: command.source).first
        return newest?.description.status == .running ? .taskAlreadyRunning : nil
    }
}
