import QueueModel

extension QueueEngine {
    /// Ends a running task; what it has moved stays moved.
    func cancelMessageMoveTask(_ request: CancelMessageMoveTaskRequest, _ reply: Reply) throws(SQSError) {
        guard !request.taskHandle.isEmpty else { throw .missingParameter("TaskHandle") }
        guard let handle = MoveTaskHandle(request.taskHandle) else { throw .invalidTaskHandle }
        guard let source = ownQueue(handle.sourceArn) else { throw .resourceNotFound("SourceArn") }
        guard let taskId = MessageID(text: handle.taskId) else {
            return refuse(.taskDoesNotExist, ifExists: source, missing: "SourceArn", reply)
        }
        submit(
            .cancelMessageMoveTask(CancelMessageMoveTaskCommand(taskId: taskId, source: source)),
            reply,
            missingQueue: .resourceNotFound("SourceArn")
        ) { outcome in
            guard case .cancelledMessageMoveTask(let movedCount) = outcome else {
                outcome.isNoOutcome(of: "CancelMessageMoveTask")
            }
            return .cancelMessageMoveTask(
                CancelMessageMoveTaskResult(approximateNumberOfMessagesMoved: movedCount)
            )
        }
    }
}
