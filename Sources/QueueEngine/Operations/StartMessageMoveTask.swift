import QueueModel

extension QueueEngine {
    /// Starts to move what stands in a dead-letter queue.
    func startMessageMoveTask(_ request: StartMessageMoveTaskRequest, _ reply: Reply) throws(SQSError) {
        guard !request.sourceArn.isEmpty else { throw .missingParameter("SourceArn") }
        let range = Limits.moveTaskMessagesPerSecond
        if let rate = request.maxNumberOfMessagesPerSecond, !range.contains(rate) {
            throw .invalidParameterValue(
                "\(rate)",
                for: "MaxNumberOfMessagesPerSecond",
                reason: "Must be between \(range.lowerBound) and \(range.upperBound), if provided."
            )
        }
        guard let source = ownQueue(request.sourceArn) else { throw .resourceNotFound("SourceArn") }
        // "If this field is left blank, the messages will be redriven back to their respective original source queues"
        // (StartMessageMoveTask in the API reference).
        let destination = request.destinationArn.flatMap { $0.isEmpty ? nil : $0 }.map { ownQueue($0) }
        if case .some(let destination) = destination {
            guard let destination else {
                return refuse(.resourceNotFound("DestinationArn"), ifExists: source, missing: "SourceArn", reply)
            }
            guard destination != source else {
                throw .invalidParameterValue("The source queue and the destination queue must not be the same.")
            }
        }
        let command = StartMessageMoveTaskCommand(
            taskId: messageIDs.next(),
            source: source,
            destination: destination ?? nil,
            maxNumberOfMessagesPerSecond: request.maxNumberOfMessagesPerSecond
        )
        let handle = MoveTaskHandle(taskId: command.taskId, source: identity.arn(of: source)).text
        submit(
            .startMessageMoveTask(command),
            reply,
            missingQueue: .resourceNotFound("SourceArn"),
            onSuccess: { [moveTasks] in moveTasks.look() },
            build: { outcome in
                guard case .startedMessageMoveTask = outcome else { outcome.isNoOutcome(of: "StartMessageMoveTask") }
                return .startMessageMoveTask(StartMessageMoveTaskResult(taskHandle: handle))
            }
        )
    }

    /// The queue of ours that an ARN names; nothing if it is none.
    func ownQueue(_ text: String) -> QueueName? {
        guard let arn = QueueARN(text), identity.owns(arn) else { return nil }
        return arn.queue
    }

    /// Answers an error, or that the queue of a parameter is missing: AWS looks for queues first.
    func refuse(_ error: SQSError, ifExists queue: QueueName, missing parameter: String, _ reply: Reply) {
        submit(
            .describeQueue(DescribeQueueCommand(queue: queue, includesCounts: false)),
            reply,
            missingQueue: .resourceNotFound(parameter)
        ) { _ throws(SQSError) in throw error }
    }
}
