/// The input of ChangeMessageVisibility, which has no output.
public struct ChangeMessageVisibilityRequest: Sendable, Equatable {
    /// QueueUrl as the caller wrote it.
    public var queueUrl: String

    /// The handle as the caller wrote it.
    public var receiptHandle: String

    /// VisibilityTimeout in seconds from now.
    public var visibilityTimeoutSeconds: Int

    /// Puts a request together.
    public init(queueUrl: String, receiptHandle: String, visibilityTimeoutSeconds: Int) {
        self.queueUrl = queueUrl
        self.receiptHandle = receiptHandle
        self.visibilityTimeoutSeconds = visibilityTimeoutSeconds
    }
}

/// Hides received messages from now on for another time; zero gives them back at once.
public struct ChangeMessageVisibilityCommand: Sendable, Equatable {
    /// A receipt and the time that it asks for.
    public struct Entry: Sendable, Equatable {
        /// The receipt.
        public var receipt: Receipt

        /// Seconds from now, 0 to 43,200.
        public var visibilityTimeoutSeconds: Int

        /// Puts an entry together.
        public init(receipt: Receipt, visibilityTimeoutSeconds: Int) {
            self.receipt = receipt
            self.visibilityTimeoutSeconds = visibilityTimeoutSeconds
        }
    }

    /// The name.
    public var queue: QueueName

    /// The entries, each carried out for itself.
    public var entries: [Entry]

    /// Whether only receipts of a message's last receive count.
    ///
    /// On a standard queue earlier ones change the message too; but what a caller never got is given back only if
    /// nobody has received it since.
    public var onlyLastReceive: Bool

    /// Puts a command together.
    public init(queue: QueueName, entries: [Entry], onlyLastReceive: Bool = false) {
        self.queue = queue
        self.entries = entries
        self.onlyLastReceive = onlyLastReceive
    }
}
