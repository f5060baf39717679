import QueueModel

/// What a deduplication id was sent with.
struct DeduplicationKey: Hashable {
    /// With DeduplicationScope messageGroup, the group; what was sent under one scope never matches the other.
    let group: String?
    let id: String
}

/// The first send of a deduplication id.
struct DeduplicationRecord {
    let sent: SentMessage
    let sentAt: Timestamp
}

/// The scope that sends keep for a while after DeduplicationScope was changed.
struct FormerDeduplicationScope {
    let scope: DeduplicationScope
    let changedAt: Timestamp
}

/// A receive with a ReceiveRequestAttemptId.
struct ReceiveAttempt {
    let messages: [ReceivedMessage]
    let madeAt: Timestamp
    /// The end of the hiding that it wrote last.
    var hiddenUntil: Timestamp
}

// The groups of a FIFO queue.
extension ReferenceQueue {
    /// The groups' messages in order, without expired ones; each group that has some.
    func groups(at now: Timestamp) -> [[ReferenceMessage]] {
        Dictionary(grouping: messages.filter { !isExpired($0, at: now) }, by: \.group).values.map { $0 }
    }

    /// The first message of each group, also if it has expired and is still there.
    var heads: [String: ReferenceMessage] {
        Dictionary(messages.map { ($0.group, $0) }) { first, _ in first }
    }

    /// The groups that can be received from, the one first that has been ready longest.
    func readyGroups(at now: Timestamp) -> [[ReferenceMessage]] {
        groups(at: now).filter { availableAt($0[0]) <= now }.sorted { left, right in
            (availableAt(left[0]), left[0].sequence) < (availableAt(right[0]), right[0].sequence)
        }
    }

    /// Whether a message is the first one of its group that has not expired.
    func isFirstOfGroup(_ message: ReferenceMessage, at now: Timestamp) -> Bool {
        let first = messages.first { $0.group == message.group && !isExpired($0, at: now) }
        return first?.sequence == message.sequence
    }

    /// The scope that counts for sends.
    func deduplicationScope(at now: Timestamp) -> DeduplicationScope {
        guard let formerScope, formerScope.changedAt.adding(seconds: Deduplication.formerScopeSeconds) > now else {
            return attributes.deduplicationScope
        }
        return formerScope.scope
    }

    /// Whether a receipt is not that of the message's last receive, or the hiding of that one is over.
    func isStale(_ receipt: Receipt, of message: ReferenceMessage, at now: Timestamp) -> Bool {
        guard let receivedAt = message.receivedAt, let hiddenUntil = message.hiddenUntil else { return true }
        return receivedAt != receipt.receivedAt || message.receiveCount != receipt.receiveCount || hiddenUntil <= now
    }
}

extension ReferenceMessage {
    /// MessageGroupId, which every message of a FIFO queue has.
    var group: String { content.messageGroupId ?? "" }
}
