/// The input of DeleteMessage, which has no output.
public struct DeleteMessageRequest: Sendable, Equatable {
    /// QueueUrl as the caller wrote it.
    public var queueUrl: String

    /// The handle as the caller wrote it.
    public var receiptHandle: String

    /// Puts a request together.
    public init(queueUrl: String, receiptHandle: String) {
        self.queueUrl = queueUrl
        self.receiptHandle = receiptHandle
    }
}

/// Deletes messages by their receipts.
///
/// On a standard queue a receipt of an earlier receive deletes too, and one of a message that is gone is no error.
public struct DeleteMessagesCommand: Sendable, Equatable {
    /// The name.
    public var queue: QueueName

    /// The receipts.
    public var receipts: [Receipt]

    /// Puts a command together.
    public init(queue: QueueName, receipts: [Receipt]) {
        self.queue = queue
        self.receipts = receipts
    }
}
