/// The input of GetQueueUrl.
public struct GetQueueUrlRequest: Sendable, Equatable {
    /// QueueName as the caller wrote it.
    public var queueName: String

    /// Puts a request together.
    public init(queueName: String) {
        self.queueName = queueName
    }
}

/// The output of GetQueueUrl.
public struct GetQueueUrlResult: Sendable, Equatable {
    /// The queue's URL.
    public var queueUrl: String

    /// Puts a result together.
    public init(queueUrl: String) {
        self.queueUrl = queueUrl
    }
}
