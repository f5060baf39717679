/// The input of PurgeQueue, which has no output.
public struct PurgeQueueRequest: Sendable, Equatable {
    /// QueueUrl as the caller wrote it.
    public var queueUrl: String

    /// Puts a request together.
    public init(queueUrl: String) {
        self.queueUrl = queueUrl
    }
}
