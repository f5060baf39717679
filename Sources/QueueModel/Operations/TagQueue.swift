/// The input of TagQueue, which has no output.
public struct TagQueueRequest: Sendable, Equatable {
    /// QueueUrl as the caller wrote it.
    public var queueUrl: String

    /// Keys and values, unchecked.
    public var tags: QueueTags

    /// Puts a request together.
    public init(queueUrl: String, tags: QueueTags) {
        self.queueUrl = queueUrl
        self.tags = tags
    }
}

/// Sets tags; other tags stay.
///
/// Refused if the queue would have more than fifty.
public struct TagQueueCommand: Sendable, Equatable {
    /// The name.
    public var queue: QueueName

    /// Keys and values of the right form.
    public var tags: QueueTags

    /// Puts a command together.
    public init(queue: QueueName, tags: QueueTags) {
        self.queue = queue
        self.tags = tags
    }
}
