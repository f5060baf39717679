/// The input of ListMessageMoveTasks.
public struct ListMessageMoveTasksRequest: Sendable, Equatable {
    /// The dead-letter queue's ARN.
    public var sourceArn: String

    /// Tasks at most, 1 to 10; 1 if it is missing.
    public var maxResults: Int?

    /// Puts a request together.
    public init(sourceArn: String, maxResults: Int? = nil) {
        self.sourceArn = sourceArn
        self.maxResults = maxResults
    }
}

/// The output of ListMessageMoveTasks.
public struct ListMessageMoveTasksResult: Sendable, Equatable {
    /// The tasks, the newest first.
    public var results: [ListMessageMoveTasksResultEntry]

    /// Puts a result together.
    public init(results: [ListMessageMoveTasksResultEntry]) {
        self.results = results
    }
}

/// A task as the service model has it.
public struct ListMessageMoveTasksResultEntry: Sendable, Equatable {
    /// Only while the task runs.
    public var taskHandle: String?

    /// How it stands.
    public var status: MessageMoveTask.Status

    /// The dead-letter queue.
    public var sourceArn: String

    /// Only if one was given.
    public var destinationArn: String?

    /// Only if it was given.
    public var maxNumberOfMessagesPerSecond: Int?

    /// Messages moved.
    public var approximateNumberOfMessagesMoved: Int

    /// Messages that stood in the queue when the task began.
    public var approximateNumberOfMessagesToMove: Int?

    /// Why it failed.
    public var failureReason: String?

    /// Milliseconds since 1970.
    public var startedTimestamp: Int64

    /// Puts a value together.
    public init(
        taskHandle: String?,
        status: MessageMoveTask.Status,
        sourceArn: String,
        destinationArn: String?,
        maxNumberOfMessagesPerSecond: Int?,
        approximateNumberOfMessagesMoved: Int,
        approximateNumberOfMessagesToMove: Int?,
        failureReason: String?,
        startedTimestamp: Int64
    ) {
        self.taskHandle = taskHandle
        self.status = status
        self.sourceArn = sourceArn
        self.destinationArn = destinationArn
        self.maxNumberOfMessagesPerSecond = maxNumberOfMessagesPerSecond
        self.approximateNumberOfMessagesMoved = approximateNumberOfMessagesMoved
        self.approximateNumberOfMessagesToMove = approximateNumberOfMessagesToMove
        self.failureReason = failureReason
        self.startedTimestamp = startedTimestamp
    }
}

/// Lists the last ten tasks of a queue, the newest first, or the running tasks of all queues.
public struct ListMessageMoveTasksCommand: Sendable, Equatable {
    /// The dead-letter queue, or nothing for all that run.
    public var source: QueueName?

    /// Puts a command together.
    public init(source: QueueName?) {
        self.source = source
    }
}

/// A task that moves messages out of a dead-letter queue.
public struct MessageMoveTask: Sendable, Equatable {
    /// How a task stands, worded as in the service model.
    public enum Status: String, Sendable {
        case running = "RUNNING"
        case completed = "COMPLETED"
        case cancelling = "CANCELLING"
        case cancelled = "CANCELLED"
        case failed = "FAILED"
    }

    /// Its id.
    public var id: MessageID

    /// The dead-letter queue.
    public var source: QueueName

    /// Where the messages go, or nothing for each one's own source queue.
    public var destination: QueueName?

    /// 1 to 500, or nothing.
    public var maxNumberOfMessagesPerSecond: Int?

    /// How it stands.
    public var status: Status

    /// Messages moved.
    public var movedCount: Int

    /// Messages that stood in the queue when the task began.
    public var toMoveCount: Int

    /// The code of what stopped it.
    public var failureReason: String?

    /// When it began.
    public var startedAt: Timestamp

    /// Puts a task together.
    public init(
        id: MessageID,
        source: QueueName,
        destination: QueueName?,
        maxNumberOfMessagesPerSecond: Int?,
        status: Status,
        movedCount: Int,
        toMoveCount: Int,
        failureReason: String?,
        startedAt: Timestamp
    ) {
        self.id = id
        self.source = source
        self.destination = destination
        self.maxNumberOfMessagesPerSecond = maxNumberOfMessagesPerSecond
        self.status = status
        self.movedCount = movedCount
        self.toMoveCount = toMoveCount
        self.failureReason = failureReason
        self.startedAt = startedAt
    }
}
