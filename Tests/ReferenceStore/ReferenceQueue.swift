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

    /// Puts a message at the end of the queue.
    mutating func append(_ message: ReferenceMessage) {
        var message = message
        message.sequence = nextSequence
        nextSequence += 1
        messages.append(message)
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
        let inFlight = messages.count { $0.availableAt > now && $0.receiveCount > 0 }
        let delayed = messages.count { $0.availableAt > now && $0.receiveCount == 0 }
        return QueueCounts(visible: messages.count - inFlight - delayed, inFlight: inFlight, delayed: delayed)
    }

    /// The messages that can be received, the longest available first.
    func candidates(at now: Timestamp) -> [ReferenceMessage] {
        messages.filter { $0.availableAt <= now }.sorted { left, right in
            if left.availableAt != right.availableAt { return left.availableAt < right.availableAt }
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
    let content: MessageContent
    let sentAt: Timestamp
    /// The end of the delay or of the last hiding; nothing if it never had one.
    var hiddenUntil: Timestamp?
    var receiveCount = 0
    var firstReceivedAt: Timestamp?
    /// When it was received last, in this queue.
    var receivedAt: Timestamp?
    var deadLetterSource: QueueName?

    /// Whether it was neither received nor delayed nor moved here.
    var isFresh: Bool { hiddenUntil == nil }

    /// From when on it can be received.
    var availableAt: Timestamp { hiddenUntil ?? sentAt }
}
