import QueueModel

/// Where a message lies: `queue number << 40 | sequence`, the key of its row.
struct MessageKey: Hashable {
    private static let sequenceBits: Int64 = 40
    private static let sequenceMask: Int64 = 1 << 40 - 1

    /// The largest queue number.
    static let numberMax: Int64 = 1 << 23 - 1

    let rawValue: Int64

    init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    init(number: Int64, sequence: Int64) {
        precondition(number >= 0 && number <= MessageKey.numberMax, "queue numbers are used up")
        precondition(sequence >= 0 && sequence <= MessageKey.sequenceMask, "a queue's sequence is used up")
        rawValue = number << MessageKey.sequenceBits | sequence
    }

    /// The number of the queue.
    var number: Int64 { rawValue >> MessageKey.sequenceBits }

    /// The place in the queue's log.
    var sequence: Int64 { rawValue & MessageKey.sequenceMask }

    /// The message's SequenceNumber on a FIFO queue.
    var sequenceNumber: SequenceNumber { SequenceNumber(place: UInt64(rawValue)) }

    /// The largest key that a queue can have.
    static func last(of number: Int64) -> MessageKey {
        MessageKey(number: number, sequence: sequenceMask)
    }
}
