/// The input of CancelMessageMoveTask.
public struct CancelMessageMoveTaskRequest: Sendable, Equatable {
    /// The handle as the caller wrote it.
    public var taskHandle: String

    /// Puts a request together.
    public init(taskHandle: String) {
        self.taskHandle = taskHandle
    }
}

/// The output of CancelMessageMoveTask.
public struct CancelMessageMoveTaskResult: Sendable, Equatable {
    /// Messages moved before.
    public var approximateNumberOfMessagesMoved: Int

    /// Puts a result together.
    public init(approximateNumberOfMessagesMoved: Int) {
        self.approximateNumberOfMessagesMoved = approximateNumberOfMessagesMoved
    }
}

/// Ends a running task; what it has moved stays moved.
///
/// Refused if there is no such task or it does not run.
public struct CancelMessageMoveTaskCommand: Sendable, Equatable {
    /// The task.
    public var taskId: MessageID

    /// The dead-letter queue.
    public var source: QueueName

    /// Puts a command together.
    public init(taskId: MessageID, source: QueueName) {
        self.taskId = taskId
        self.source = source
    }
}
