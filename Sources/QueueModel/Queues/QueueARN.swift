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
            parts[3].utf8.allSatisfy(QueueARN.isAllowedInRegion), parts[4].utf8.allSatisfy(QueueARN.isDigit),
            let queue = QueueName(String(parts[5]))
        else { return nil }
        self.init(region: String(parts[3]), account: String(parts[4]), queue: queue)
    }

    // An ARN is written into JSON as it is: nothing that needs an escape gets in.
    private static func isAllowedInRegion(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"): true
        default: isDigit(byte)
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// The ARN as text.
    public var text: String {
        "arn:aws:sqs:\(region):\(account):\(queue.text)"
    }
}
