/// The Amazon Resource Name of a queue, `arn:PARTITION:sqs:REGION:ACCOUNT:NAME`; the region tells the partition.
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
        guard parts.count == 6, parts[0] == "arn", parts[2] == "sqs",
            parts[3].utf8.allSatisfy(QueueARN.isAllowedInRegion), parts[4].utf8.allSatisfy(QueueARN.isDigit),
            parts[1].utf8.elementsEqual(QueueARN.partition(ofRegion: parts[3]).utf8),
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

    /// The partition of a region: China's and the GovCloud's have their own (AWS General Reference, "Amazon Resource
    /// Names").
    public static func partition(ofRegion region: some StringProtocol) -> String {
        if region.utf8.starts(with: "cn-".utf8) { return "aws-cn" }
        return region.utf8.starts(with: "us-gov-".utf8) ? "aws-us-gov" : "aws"
    }

    /// The ARN as text.
    public var text: String {
        "arn:\(QueueARN.partition(ofRegion: region)):sqs:\(region):\(account):\(queue.text)"
    }
}
