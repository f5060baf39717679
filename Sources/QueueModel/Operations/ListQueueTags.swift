/// The input of ListQueueTags.
public struct ListQueueTagsRequest: Sendable, Equatable {
    /// QueueUrl as the caller wrote it.
    public var queueUrl: String

    /// Puts a request together.
    public init(queueUrl: String) {
        self.queueUrl = queueUrl
    }
}

/// The output of ListQueueTags.
public struct ListQueueTagsResult: Sendable, Equatable {
    /// Keys and values.
    public var tags: QueueTags

    /// Puts a result together.
    public init(tags: QueueTags) {
        self.tags = tags
    }
}
