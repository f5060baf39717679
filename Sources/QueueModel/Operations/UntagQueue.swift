/// The input of UntagQueue, which has no output.
public struct UntagQueueRequest: Sendable, Equatable {
    /// QueueUrl as the caller wrote it.
    public var queueUrl: String

    /// The keys.
    public var tagKeys: [String]

    /// Puts a request together.
    public init(queueUrl: String, tagKeys: [String]) {
        self.queueUrl = queueUrl
        self.tagKeys = tagKeys
    }
}

/// Removes tags; keys that are not there are no error.
public struct UntagQueueCommand: Sendable, Equatable {
    /// The name.
    public var queue: QueueName

    /// The keys.
    public var tagKeys: [String]

    /// Puts a command together.
    public init(queue: QueueName, tagKeys: [String]) {
        self.queue = queue
        self.tagKeys = tagKeys
    }
}
