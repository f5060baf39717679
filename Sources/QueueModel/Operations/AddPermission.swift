/// The input of AddPermission, which has no output.
public struct AddPermissionRequest: Sendable, Equatable {
    /// QueueUrl as the caller wrote it.
    public var queueUrl: String

    /// The statement's name.
    public var label: String

    /// Whom it lets in.
    public var awsAccountIds: [String]

    /// What they may do.
    public var actions: [String]

    /// Puts a request together.
    public init(queueUrl: String, label: String, awsAccountIds: [String], actions: [String]) {
        self.queueUrl = queueUrl
        self.label = label
        self.awsAccountIds = awsAccountIds
        self.actions = actions
    }
}

/// Adds a statement to the queue's Policy, as `QueuePolicy.adding` does and refuses.
public struct AddPermissionCommand: Sendable, Equatable {
    /// The name.
    public var queue: QueueName

    /// The statement's name.
    public var label: String

    /// Whom it lets in.
    public var awsAccountIds: [String]

    /// What they may do, without a prefix.
    public var actions: [String]

    /// The queue's ARN, which stands in the statement.
    public var queueArn: QueueARN

    /// Puts a command together.
    public init(queue: QueueName, label: String, awsAccountIds: [String], actions: [String], queueArn: QueueARN) {
        self.queue = queue
        self.label = label
        self.awsAccountIds = awsAccountIds
        self.actions = actions
        self.queueArn = queueArn
    }
}
