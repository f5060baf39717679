/// The input of RemovePermission, which has no output.
public struct RemovePermissionRequest: Sendable, Equatable {
    /// QueueUrl as the caller wrote it.
    public var queueUrl: String

    /// The statement's name.
    public var label: String

    /// Puts a request together.
    public init(queueUrl: String, label: String) {
        self.queueUrl = queueUrl
        self.label = label
    }
}

/// Removes a statement from the queue's Policy, as `QueuePolicy.removing` does and refuses.
public struct RemovePermissionCommand: Sendable, Equatable {
    /// The name.
    public var queue: QueueName

    /// The statement's name.
    public var label: String

    /// Puts a command together.
    public init(queue: QueueName, label: String) {
        self.queue = queue
        self.label = label
    }
}
