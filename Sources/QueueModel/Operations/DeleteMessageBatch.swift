/// The input of DeleteMessageBatch.
public struct DeleteMessageBatchRequest: Sendable, Equatable {
    /// QueueUrl as the caller wrote it.
    public var queueUrl: String

    /// The entries, unchecked.
    public var entries: [DeleteMessageBatchRequestEntry]

    /// Puts a request together.
    public init(queueUrl: String, entries: [DeleteMessageBatchRequestEntry]) {
        self.queueUrl = queueUrl
        self.entries = entries
    }
}

/// One entry of DeleteMessageBatch.
public struct DeleteMessageBatchRequestEntry: Sendable, Equatable {
    /// The caller's id for the entry.
    public var id: String

    /// The handle as the caller wrote it.
    public var receiptHandle: String

    /// Puts an entry together.
    public init(id: String, receiptHandle: String) {
        self.id = id
        self.receiptHandle = receiptHandle
    }
}

/// The output of DeleteMessageBatch and of ChangeMessageVisibilityBatch.
public struct BatchResult: Sendable, Equatable {
    /// The ids of the entries that went through, in the order of the request.
    public var successful: [String]

    /// The other entries.
    public var failed: [BatchResultErrorEntry]

    /// Puts a result together.
    public init(successful: [String] = [], failed: [BatchResultErrorEntry] = []) {
        self.successful = successful
        self.failed = failed
    }
}
