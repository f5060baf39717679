/// The input of PurgeQueue, which has no output.
public struct PurgeQueueRequest: Sendable, Equatable {
    /// QueueUrl as the caller wrote it.
    public var queueUrl: String

    /// Puts a request together.
    public init(queueUrl: String) {
        self.queueUrl = queueUrl
    }
}

/// Removes all messages of a queue, those in flight and delayed too, and forgets its deduplication ids.
public struct PurgeQueueCommand: Sendable, Equatable {
    /// The name.
    public var queue: QueueName

    /// Seconds that must have passed since the purge before, else PurgeQueueInProgress.
    ///
    /// Zero for none.
    public var intervalSeconds: Int

    /// Puts a command together.
    public init(queue: QueueName, intervalSeconds: Int = 0) {
        self.queue = queue
        self.intervalSeconds = intervalSeconds
    }
}
