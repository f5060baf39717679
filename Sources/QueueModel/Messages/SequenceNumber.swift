/// The place of a message in a FIFO queue: it only grows, also after the queue was drained, purged or made again.
public struct SequenceNumber: Sendable, Hashable, Comparable {
    /// What orders the messages of a queue; below 2^63.
    public let place: UInt64

    /// Makes the number of a place.
    public init(place: UInt64) {
        precondition(place < 1 << 63, "a sequence number has twenty digits")
        self.place = place
    }

    /// Twenty digits: a 1, then the place in nineteen.
    public var text: String {
        let digits = String(place)
        return "1" + String(repeating: "0", count: 19 - digits.count) + digits
    }

    /// The earlier message has the smaller number.
    public static func < (left: SequenceNumber, right: SequenceNumber) -> Bool {
        left.place < right.place
    }
}
