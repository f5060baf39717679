/// The name of a queue, unique in its account and region; made only from text of the right form.
public struct QueueName: Sendable, Hashable, Comparable {
    /// The name as the caller wrote it; letter case counts.
    public let text: String

    /// The name if `text` has 1 to 80 letters, digits, hyphens and underscores (a `.fifo` at its end may follow, and
    /// counts), else nothing.
    ///
    /// Source: CreateQueue in the API reference.
    public init?(_ text: String) {
        let bytes = text.utf8
        guard (1...Limits.queueNameLengthMax).contains(bytes.count) else { return nil }
        let stem = QueueName.isFifo(text) ? bytes.dropLast(5) : bytes[...]
        guard !stem.isEmpty, stem.allSatisfy(QueueName.isAllowed) else { return nil }
        self.text = text
    }

    /// The name at the end of a queue URL or of a bare path, or the bare name itself; nothing if it has no right form.
    ///
    /// Host and account are not looked at: while authentication is off any of them reaches the same queue.
    public init?(queueUrl: String) {
        let bytes = queueUrl.utf8
        let slash = UInt8(ascii: "/")
        guard let last = bytes.lastIndex(where: { $0 != slash }) else { return nil }
        let start = bytes[..<last].lastIndex(of: slash).map(bytes.index(after:)) ?? bytes.startIndex
        self.init(String(queueUrl[start...last]))
    }

    /// Whether the name says that the queue is a FIFO queue.
    public var isFifo: Bool {
        QueueName.isFifo(text)
    }

    /// Names are ordered by their bytes.
    public static func < (left: QueueName, right: QueueName) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    private static func isFifo(_ text: String) -> Bool {
        // By bytes: comparing characters costs as much as all else that is done with a name.
        text.utf8.count > 5 && text.utf8.suffix(5).elementsEqual(".fifo".utf8)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default:
            false
        }
    }
}
