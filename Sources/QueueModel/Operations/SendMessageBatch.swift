/// The input of SendMessageBatch.
public struct SendMessageBatchRequest: Sendable, Equatable {
    /// QueueUrl as the caller wrote it.
    public var queueUrl: String

    /// The entries, unchecked.
    public var entries: [SendMessageBatchRequestEntry]

    /// Puts a request together.
    public init(queueUrl: String, entries: [SendMessageBatchRequestEntry]) {
        self.queueUrl = queueUrl
        self.entries = entries
    }
}

/// One entry of SendMessageBatch.
public struct SendMessageBatchRequestEntry: Sendable, Equatable {
    /// The caller's id for the entry.
    public var id: String

    /// The message.
    public var message: MessageInput

    /// Puts an entry together.
    public init(id: String, message: MessageInput) {
        self.id = id
        self.message = message
    }
}

/// The output of SendMessageBatch.
public struct SendMessageBatchResult: Sendable, Equatable {
    /// The entries that went through, in the order of the request.
    public var successful: [SendMessageBatchResultEntry]

    /// The others.
    public var failed: [BatchResultErrorEntry]

    /// Puts a result together.
    public init(successful: [SendMessageBatchResultEntry] = [], failed: [BatchResultErrorEntry] = []) {
        self.successful = successful
        self.failed = failed
    }
}

/// An entry of SendMessageBatch that went through.
public struct SendMessageBatchResultEntry: Sendable, Equatable {
    /// The caller's id for the entry.
    public var id: String

    /// What SendMessage would have said.
    public var result: SendMessageResult

    /// Puts an entry together.
    public init(id: String, result: SendMessageResult) {
        self.id = id
        self.result = result
    }
}

/// An entry of any batch that failed.
public struct BatchResultErrorEntry: Sendable, Equatable {
    /// The caller's id for the entry.
    public var id: String

    /// What went wrong: its code, message and whose fault it is.
    public var error: SQSError

    /// Puts an entry together.
    public init(id: String, error: SQSError) {
        self.id = id
        self.error = error
    }
}
