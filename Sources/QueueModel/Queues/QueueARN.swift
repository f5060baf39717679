/// The Amazon Resource Name of a queue, `arn:aws:sqs:REGION:ACCOUNT:NAME`.
public struct QueueARN: Sendable, Hashable {
    /// The region, such as `us-east-1`.
    public let region: String

    /// The account's twelve digits.
    public let account: String

    /// The queue.
    public let queue: QueueName

    /// Puts an ARN together.
    public init(region: String, account: String, queue: QueueName) {
        self.region = region
        self.account = account
        self.queue = queue
    }

    /// Reads an ARN; nothing if it is not one of a queue.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[1].hasPrefix("aws"), parts[2] == "sqs",
            let queue = QueueName(String(parts[5]))
        else { return nil }
        self.init(region: String(parts[3]), account: String(parts[4]), queue: queue)
    }

    /// The ARN as text.
    public var text: String {
        "arn:aws:sqs:\(region):\(account):\(queue.text)"
    }
}
