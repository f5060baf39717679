public import QueueModel

/// The region and the account that queues are in.
public struct ServiceIdentity: Sendable, Hashable {
    /// The region, such as `us-east-1`.
    public let region: String

    /// The account's twelve digits.
    public let account: String

    /// Puts an identity together.
    public init(region: String, account: String) {
        self.region = region
        self.account = account
    }

    /// The ARN of one of our queues.
    public func arn(of queue: QueueName) -> QueueARN {
        QueueARN(region: region, account: account, queue: queue)
    }

    /// Whether an ARN can be one of our queues'.
    func owns(_ arn: QueueARN) -> Bool {
        arn.region == region && arn.account == account
    }
}
