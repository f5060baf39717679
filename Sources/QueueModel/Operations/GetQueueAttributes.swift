/// The input of GetQueueAttributes.
public struct GetQueueAttributesRequest: Sendable, Equatable {
    /// QueueUrl as the caller wrote it.
    public var queueUrl: String

    /// The names asked for, unchecked; none asks for nothing.
    public var attributeNames: [String]

    /// Puts a request together.
    public init(queueUrl: String, attributeNames: [String] = []) {
        self.queueUrl = queueUrl
        self.attributeNames = attributeNames
    }
}

/// The output of GetQueueAttributes.
public struct GetQueueAttributesResult: Sendable, Equatable {
    /// Names and values, in the order of the names.
    public var attributes: [(name: String, value: String)]

    /// Puts a result together.
    public init(attributes: [(name: String, value: String)]) {
        self.attributes = attributes
    }

    /// Equal names and values in the same order.
    public static func == (left: Self, right: Self) -> Bool {
        left.attributes.elementsEqual(right.attributes) { $0 == $1 }
    }
}

/// Tells what a queue is and what it holds.
///
/// Changes nothing.
public struct DescribeQueueCommand: Sendable, Equatable {
    /// The name.
    public var queue: QueueName

    /// Whether the counts are wanted; they cost a little more.
    public var includesCounts: Bool

    /// Puts a command together.
    public init(queue: QueueName, includesCounts: Bool) {
        self.queue = queue
        self.includesCounts = includesCounts
    }
}

/// A queue and what it holds.
public struct QueueDescription: Sendable, Equatable {
    /// The attributes in force.
    public var attributes: QueueAttributes

    /// When the queue was created.
    public var createdAt: Timestamp

    /// When an attribute was last set.
    public var lastModifiedAt: Timestamp

    /// The tags.
    public var tags: QueueTags

    /// What it holds, if that was asked for.
    ///
    /// Exact, but for expired messages that no sweep has reached.
    public var counts: QueueCounts?

    /// Puts a description together.
    public init(
        attributes: QueueAttributes,
        createdAt: Timestamp,
        lastModifiedAt: Timestamp,
        tags: QueueTags = [:],
        counts: QueueCounts?
    ) {
        self.tags = tags
        self.attributes = attributes
        self.createdAt = createdAt
        self.lastModifiedAt = lastModifiedAt
        self.counts = counts
    }
}
