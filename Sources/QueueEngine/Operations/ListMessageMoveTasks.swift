import QueueModel

extension QueueEngine {
    /// Lists the last tasks of a dead-letter queue, the newest first.
    func listMessageMoveTasks(_ request: ListMessageMoveTasksRequest, _ reply: Reply) throws(SQSError) {
        guard !request.sourceArn.isEmpty else { throw .missingParameter("SourceArn") }
        let limit = request.maxResults ?? 1
        guard (1...Limits.moveTasksListedMax).contains(limit) else {
            throw .invalidParameterValue(
                "\(limit)",
                for: "MaxResults",
                reason: "Must be between 1 and \(Limits.moveTasksListedMax), if provided."
            )
        }
        guard let source = ownQueue(request.sourceArn) else { throw .queueDoesNotExist }
        submit(.listMessageMoveTasks(ListMessageMoveTasksCommand(source: source)), reply) { [identity] outcome in
            guard case .listedMessageMoveTasks(let tasks) = outcome else {
                outcome.isNoOutcome(of: "ListMessageMoveTasks")
            }
            return .listMessageMoveTasks(
                ListMessageMoveTasksResult(
                    results: tasks.prefix(limit).map { ListMessageMoveTasksResultEntry($0, identity: identity) }
                )
            )
        }
    }
}

extension ListMessageMoveTasksResultEntry {
    /// A task as AWS shows it: the handle only while it runs.
    fileprivate init(_ task: MessageMoveTask, identity: ServiceIdentity) {
        let source = identity.arn(of: task.source)
        self.init(
            taskHandle: task.status == .running ? MoveTaskHandle(taskId: task.id, source: source).text : nil,
            status: task.status,
            sourceArn: source.text,
            destinationArn: task.destination.map { identity.arn(of: $0).text },
            maxNumberOfMessagesPerSecond: task.maxNumberOfMessagesPerSecond,
            approximateNumberOfMessagesMoved: task.movedCount,
            approximateNumberOfMessagesToMove: task.toMoveCount,
            failureReason: task.failureReason,
            startedTimestamp: task.startedAt.milliseconds
        )
    }
}
