import QueueModel

/// A queue with its messages.
struct ReferenceQueue {
    /// The queue's internal number; a purge gives it a new one.
    var number: UInt64
    var attributes: QueueAttributes
    let createdAt: Timestamp
    var lastModifiedAt: Timestamp
    /// The messages in the order in which they entered the queue, so by sequence.
    var messages: [ReferenceMessage] = []
    var nextSequence: UInt64 = 1
    var tags = QueueTags()
    var purgedAt: Timestamp?
    /// FIFO: the first sends of deduplication ids.
    var deduplications: [DeduplicationKey: DeduplicationRecord] = [:]
    /// FIFO: the scope that was in force when DeduplicationScope was changed last.
    var formerScope: FormerDeduplicationScope?
    /// FIFO: the receives with a ReceiveRequestAttemptId.
    var attempts: [String: ReceiveAttempt] = [:]

    /// Puts a message at the end of the queue and tells its sequence.
    @discardableResult
    mutating func append(_ message: ReferenceMessage) -> UInt64 {
        var message = message
        message.sequence = nextSequence
        nextSequence += 1
        messages.append(message)
        return message.sequence
    }

    /// What a receipt names a message by.
    func locator(of message: ReferenceMessage) -> UInt64 {
        number << 40 | message.sequence
    }

    /// FIFO: the number that a message shows.
    func sequenceNumber(of sequence: UInt64) -> SequenceNumber? {
        attributes.isFifo ? SequenceNumber(place: number << 40 | sequence) : nil
    }

    /// From when on a message can be received; a FIFO queue's present delay holds for messages sent before it was set.
    func availableAt(_ message: ReferenceMessage) -> Timestamp {
        message.hiddenUntil
            ?? message.sentAt.adding(seconds: attributes.isFifo ? attributes.delaySeconds : 0)
    }

    /// Where the message stands that has this sequence.
    func index(ofSequence sequence: UInt64) -> Int? {
        messages.firstIndex { $0.sequence == sequence }
    }

    func isExpired(_ message: ReferenceMessage, at now: Timestamp) -> Bool {
        message.sentAt.adding(seconds: attributes.messageRetentionPeriodSeconds) <= now
    }

    /// Expired messages are counted until a sweep or a receive removes them.
    func counts(at now: Timestamp) -> QueueCounts {
        let inFlight = messages.count { availableAt($0) > now && $0.receiveCount > 0 }
        let delayed = messages.count { availableAt($0) > now && $0.receiveCount == 0 }
        return QueueCounts(visible: messages.count - inFlight - delayed, inFlight: inFlight, delayed: delayed)
    }

    /// The messages that can be received, the longest available first.
    func candidates(at now: Timestamp) -> [ReferenceMessage] {
        messages.filter { availableAt($0) <= now }.sorted { left, right in
            if availableAt(left) != availableAt(right) { return availableAt(left) < availableAt(right) }
            if left.isFresh != right.isFresh { return right.isFresh }
            return left.sequence < right.sequence
        }
    }
}

/// A message in its queue.
struct ReferenceMessage {
    /// 1, 2, 3 and so on within the queue's number.
    var sequence: UInt64
    let messageId: MessageID
    var content: MessageContent
    var sentAt: Timestamp
    /// The end of the delay or of the last hiding; nothing if it never had one.
    var hiddenUntil: Timestamp?
    var receiveCount = 0
    /// Receives in the queues that it was moved from.
    var formerReceiveCount = 0
    var firstReceivedAt: Timestamp?
    /// When it was received last, in this queue.
    var receivedAt: Timestamp?
    var deadLetterSource: QueueName?

    /// Whether it was received too often in its present queue.
    func isPoisoned(_ policy: RedrivePolicy?) -> Bool {
        guard let policy else { return false }
        return receiveCount - formerReceiveCount >= policy.maxReceiveCount
    }

    /// Whether it was neither received nor delayed nor moved here.
    var isFresh: Bool { hiddenUntil == nil }
}
