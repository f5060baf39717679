/// The input of CreateQueue.
public struct CreateQueueRequest: Sendable, Equatable {
    /// QueueName as the caller wrote it.
    public var queueName: String

    /// Attributes by name, unchecked.
    public var attributes: [String: String]

    /// Tags of a new queue, unchecked.
    public var tags: QueueTags

    /// Puts a request together.
    public init(queueName: String, attributes: [String: String] = [:], tags: QueueTags = [:]) {
        self.tags = tags
        self.queueName = queueName
        self.attributes = attributes
    }
}

/// The output of CreateQueue.
public struct CreateQueueResult: Sendable, Equatable {
    /// The new or existing queue's URL.
    public var queueUrl: String

    /// Puts a result together.
    public init(queueUrl: String) {
        self.queueUrl = queueUrl
    }
}

/// Creates a queue, or does nothing if it is there with the same values.
///
/// Refused with QueueNameExists if a given value differs from the existing queue's, and with InvalidParameterValue if
/// the RedrivePolicy names no queue that can take this one's messages.
public struct CreateQueueCommand: Sendable, Equatable {
    /// The name.
    public var queue: QueueName

    /// The attributes that the caller gave; they have the right form.
    public var attributes: [QueueAttributeName: String]

    /// The tags of a new queue; an existing one keeps its own.
    public var tags: QueueTags

    /// Seconds for which the name of a deleted queue can't be used again: QueueDeletedRecently.
    ///
    /// Zero for none.
    public var recreationDelaySeconds: Int

    /// Puts a command together.
    public init(
        queue: QueueName,
        attributes: [QueueAttributeName: String] = [:],
        tags: QueueTags = [:],
        recreationDelaySeconds: Int = 0
    ) {
        self.tags = tags
        self.recreationDelaySeconds = recreationDelaySeconds
        self.queue = queue
        self.attributes = attributes
    }
}
