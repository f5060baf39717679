/// The input of ListDeadLetterSourceQueues.
public struct ListDeadLetterSourceQueuesRequest: Sendable, Equatable {
    /// QueueUrl as the caller wrote it.
    public var queueUrl: String

    /// URLs a page, 1 to 1,000.
    public var maxResults: Int?

    /// Where the page before this one ended.
    public var nextToken: String?

    /// Puts a request together.
    public init(queueUrl: String, maxResults: Int? = nil, nextToken: String? = nil) {
        self.queueUrl = queueUrl
        self.maxResults = maxResults
        self.nextToken = nextToken
    }
}

/// The output of ListDeadLetterSourceQueues.
public struct ListDeadLetterSourceQueuesResult: Sendable, Equatable {
    /// The URLs, in the order of the names.
    public var queueUrls: [String]

    /// Where the next page begins, or nothing on the last one.
    public var nextToken: String?

    /// Puts a result together.
    public init(queueUrls: [String], nextToken: String? = nil) {
        self.queueUrls = queueUrls
        self.nextToken = nextToken
    }
}

/// Lists the queues whose RedrivePolicy names a queue, in the order of their names.
public struct ListDeadLetterSourceQueuesCommand: Sendable, Equatable {
    /// The dead-letter queue.
    public var queue: QueueName

    /// Only names after this one.
    public var after: QueueName?

    /// Names at most.
    public var limit: Int

    /// Puts a command together.
    public init(queue: QueueName, after: QueueName? = nil, limit: Int) {
        self.queue = queue
        self.after = after
        self.limit = limit
    }
}
