/// The input of ListQueues.
public struct ListQueuesRequest: Sendable, Equatable {
    /// What the names begin with.
    public var queueNamePrefix: String?

    /// Names a page; 1 to 1,000.
    ///
    /// Without it there is one page of up to 1,000 and no NextToken.
    public var maxResults: Int?

    /// Where the page before this one ended.
    public var nextToken: String?

    /// Puts a request together.
    public init(queueNamePrefix: String? = nil, maxResults: Int? = nil, nextToken: String? = nil) {
        self.queueNamePrefix = queueNamePrefix
        self.maxResults = maxResults
        self.nextToken = nextToken
    }
}

/// The output of ListQueues.
public struct ListQueuesResult: Sendable, Equatable {
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

/// Lists queues in the order of their names.
public struct ListQueuesCommand: Sendable, Equatable {
    /// What the names begin with; empty for all.
    public var prefix: String

    /// Only names after this one.
    public var after: QueueName?

    /// Names at most.
    public var limit: Int

    /// Puts a command together.
    public init(prefix: String = "", after: QueueName? = nil, limit: Int) {
        self.prefix = prefix
        self.after = after
        self.limit = limit
    }
}

/// A page of queues.
public struct ListedQueues: Sendable, Equatable {
    /// The names, ordered.
    public var names: [QueueName]

    /// Whether more names follow.
    public var hasMore: Bool

    /// Puts a page together.
    public init(names: [QueueName], hasMore: Bool) {
        self.names = names
        self.hasMore = hasMore
    }
}
