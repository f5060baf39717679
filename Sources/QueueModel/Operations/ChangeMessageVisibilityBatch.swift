/// The input of ChangeMessageVisibilityBatch; its output is a `BatchResult`.
public struct ChangeMessageVisibilityBatchRequest: Sendable, Equatable {
    /// QueueUrl as the caller wrote it.
    public var queueUrl: String

    /// The entries, unchecked.
    public var entries: [ChangeMessageVisibilityBatchRequestEntry]

    /// Puts a request together.
    public init(queueUrl: String, entries: [ChangeMessageVisibilityBatchRequestEntry]) {
        self.queueUrl = queueUrl
        self.entries = entries
    }
}

/// One entry of ChangeMessageVisibilityBatch.
public struct ChangeMessageVisibilityBatchRequestEntry: Sendable, Equatable {
    /// The caller's id for the entry.
    public var id: String

    /// The handle as the caller wrote it.
    public var receiptHandle: String

    /// VisibilityTimeout in seconds from now, or nothing if it is missing.
    public var visibilityTimeoutSeconds: Int?

    /// Puts an entry together.
    public init(id: String, receiptHandle: String, visibilityTimeoutSeconds: Int?) {
        self.id = id
        self.receiptHandle = receiptHandle
        self.visibilityTimeoutSeconds = visibilityTimeoutSeconds
    }
}
