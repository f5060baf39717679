import QueueModel

/// What has happened to a message: until the deadline nobody gets it.
struct Lease: Equatable {
    var deadline: Timestamp

    /// All receives, also those in the queues that the message was moved from.
    var receiveCount: Int

    var firstReceivedAt: Timestamp?
    var receivedAt: Timestamp?

    /// Receives before the message was moved to its present queue, which do not count for that queue's
    /// maxReceiveCount: "the number of times a message is delivered to the source queue" (SetQueueAttributes in the API
    /// reference).
    var formerReceiveCount = 0

    /// Whether its moments and counts are such as a lease can have.
    var isPlausible: Bool {
        deadline.isPlausible && (firstReceivedAt?.isPlausible ?? true) && (receivedAt?.isPlausible ?? true)
            && receiveCount >= 0 && receiveCount <= Int(Int32.max)
            && formerReceiveCount >= 0 && formerReceiveCount <= receiveCount
    }

    /// Whether a dead-letter queue is due: the message was received that often in its present queue.
    func isPoisoned(maxReceiveCount: Int?) -> Bool {
        guard let maxReceiveCount else { return false }
        return receiveCount - formerReceiveCount >= maxReceiveCount
    }
}
