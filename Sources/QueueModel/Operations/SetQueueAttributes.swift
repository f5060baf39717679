/// The input of SetQueueAttributes, which has no output.
public struct SetQueueAttributesRequest: Sendable, Equatable {
    /// QueueUrl as the caller wrote it.
    public var queueUrl: String

    /// Attributes by name, unchecked.
    public var attributes: [String: String]

    /// Puts a request together.
    public init(queueUrl: String, attributes: [String: String]) {
        self.queueUrl = queueUrl
        self.attributes = attributes
    }
}

/// Changes attributes, all or none.
///
/// Refused as `QueueAttributes.changed(by:)` refuses, and with InvalidParameterValue if a RedrivePolicy names no
/// queue that can take this one's messages.
public struct SetQueueAttributesCommand: Sendable, Equatable {
    /// The name.
    public var queue: QueueName

    /// The new values.
    public var changes: [QueueAttributeName: String]

    /// Puts a command together.
    public init(queue: QueueName, changes: [QueueAttributeName: String]) {
        self.queue = queue
        self.changes = changes
    }
}
