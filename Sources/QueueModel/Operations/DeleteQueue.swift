/// The input of DeleteQueue, which has no output.
public struct DeleteQueueRequest: Sendable, Equatable {
    /// QueueUrl as the caller wrote it.
    public var queueUrl: String

    /// Puts a request together.
    public init(queueUrl: String) {
        self.queueUrl = queueUrl
    }
}
