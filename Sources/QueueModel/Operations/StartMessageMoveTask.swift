/// The input of StartMessageMoveTask.
public struct StartMessageMoveTaskRequest: Sendable, Equatable {
    /// The dead-letter queue's ARN.
    public var sourceArn: String

    /// Where the messages go, or nothing for each one's own source queue.
    public var destinationArn: String?

    /// 1 to 500, or nothing for as fast as it goes.
    public var maxNumberOfMessagesPerSecond: Int?

    /// Puts a request together.
    public init(sourceArn: String, destinationArn: String? = nil, maxNumberOfMessagesPerSecond: Int? = nil) {
        self.sourceArn = sourceArn
        self.destinationArn = destinationArn
        self.maxNumberOfMessagesPerSecond = maxNumberOfMessagesPerSecond
    }
}

/// The output of StartMessageMoveTask.
public struct StartMessageMoveTaskResult: Sendable, Equatable {
    /// What names the task to CancelMessageMoveTask.
    public var taskHandle: String

    /// Puts a result together.
    public init(taskHandle: String) {
        self.taskHandle = taskHandle
    }
}

/// Starts to move what stands in a dead-letter queue now.
///
/// Refused if the queue is none, or one runs on it already.
public struct StartMessageMoveTaskCommand: Sendable, Equatable {
    /// The id drawn for the task.
    public var taskId: MessageID

    /// The dead-letter queue.
    public var source: QueueName

    /// Where the messages go, or nothing for each one's own source queue.
    public var destination: QueueName?

    /// 1 to 500, or nothing.
    public var maxNumberOfMessagesPerSecond: Int?

    /// Puts a command together.
    public init(
        taskId: MessageID,
        source: QueueName,
        destination: QueueName? = nil,
        maxNumberOfMessagesPerSecond: Int? = nil
    ) {
        self.taskId = taskId
        self.source = source
        self.destination = destination
        self.maxNumberOfMessagesPerSecond = maxNumberOfMessagesPerSecond
    }
}

/// Moves the next messages of a task, in one transaction.
///
/// A moved message is a new one: new MessageId, sent now, never received.
public struct MoveMessagesCommand: Sendable, Equatable {
    /// The task.
    public var taskId: MessageID

    /// Messages that this step moves at most.
    public var messagesMax: Int

    /// What the new MessageIds are drawn from.
    public var seed: UInt64

    /// Puts a command together.
    public init(taskId: MessageID, messagesMax: Int, seed: UInt64) {
        self.taskId = taskId
        self.messagesMax = messagesMax
        self.seed = seed
    }
}

/// How far a task has come with a step.
public struct MovedMessages: Sendable, Equatable {
    /// Messages that this step moved.
    public var count: Int

    /// Whether the task runs on; it has come further then, with or without a message moved.
    public var isRunning: Bool

    /// Puts an outcome together.
    public init(count: Int, isRunning: Bool) {
        self.count = count
        self.isRunning = isRunning
    }
}
