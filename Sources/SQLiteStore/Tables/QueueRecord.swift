import QueueModel
import SQLite

/// A queue as the writer knows it: what is in the database, or will be with the commit under way.
///
/// Not a second truth: it is read from the database at start, and again after a batch that was rolled back.
final class QueueRecord {
    let name: QueueName
    var number: Int64
    var attributes: QueueAttributes
    let createdAt: Timestamp
    var lastModifiedAt: Timestamp
    var tags: QueueTags

    /// When the queue was last purged.
    var purgedAt: Timestamp?

    /// FIFO: the deduplication scope before the last change of it.
    var formerScope: (scope: DeduplicationScope, changedAt: Timestamp)?

    /// The sequence that the next message gets.
    var nextSequence: Int64 = 1

    /// Every message up to this sequence has, or had, a lease.
    var cursor: Int64 = 0

    /// Messages in the queue, whatever their state.
    var messageCount = 0

    /// Leases with a deadline after `countedUntil` that were received.
    var inFlightCount = 0

    /// Leases with a deadline after `countedUntil` that were never received.
    var delayedCount = 0

    /// The moment up to which ended leases have been taken out of the two counts above.
    var countedUntil: Timestamp

    /// FIFO: the messages at the end of the log; kept in memory alone, and counted anew after a start.
    var unreceivedTail = UnreceivedTail(endingAt: 1)

    /// No message is older; kept in memory alone, so that a sweep passes over queues with nothing to remove.
    var oldestSentAt = Timestamp(milliseconds: 0)

    /// Whether the row in queue_state is behind.
    var isStateUnwritten = false

    // What this batch did, for the hint after its commit.
    var isTouched = false
    var availableNow = 0
    var nextAvailableAt: Timestamp?

    init(
        name: QueueName,
        number: Int64,
        attributes: QueueAttributes,
        createdAt: Timestamp,
        lastModifiedAt: Timestamp,
        tags: QueueTags
    ) {
        self.name = name
        self.number = number
        self.attributes = attributes
        self.createdAt = createdAt
        self.lastModifiedAt = lastModifiedAt
        self.tags = tags
        countedUntil = createdAt
    }

    /// Starts the log anew under a number that was never used.
    func empty(number: Int64, now: Timestamp) {
        self.number = number
        nextSequence = 1
        cursor = 0
        messageCount = 0
        inFlightCount = 0
        delayedCount = 0
        countedUntil = now
        oldestSentAt = now
        unreceivedTail = UnreceivedTail(endingAt: nextSequence)
    }

    /// Counts a message that is about to be stored as the last one, with the moment from which it ages.
    ///
    /// - Returns: its sequence.
    func takeSequence(sentAt: Timestamp) -> Int64 {
        let sequence = nextSequence
        oldestSentAt = messageCount == 0 ? sentAt : min(oldestSentAt, sentAt)
        nextSequence += 1
        messageCount += 1
        if isFifo {
            unreceivedTail.append(sequence, isDelayed: attributes.delaySeconds > 0)
        }
        return sequence
    }

    var isFifo: Bool { attributes.isFifo }

    func key(_ sequence: Int64) -> MessageKey {
        MessageKey(number: number, sequence: sequence)
    }

    /// What deduplication ids count for now: a change shows at once, but takes a while to count.
    func deduplicationScope(now: Timestamp) -> DeduplicationScope {
        guard let (scope, changedAt) = formerScope, now < changedAt.adding(seconds: Deduplication.formerScopeSeconds)
        else { return attributes.deduplicationScope }
        return scope
    }

    /// Whether a message of that age is gone.
    func isExpired(sentAt: Timestamp, now: Timestamp) -> Bool {
        sentAt.adding(seconds: attributes.messageRetentionPeriodSeconds) <= now
    }

    /// Takes a lease into the counts.
    func count(_ lease: Lease) {
        guard lease.deadline > countedUntil else { return }
        if lease.receiveCount > 0 {
            inFlightCount += 1
        } else {
            delayedCount += 1
        }
    }

    /// Takes a lease out of the counts, before it is changed or removed.
    ///
    /// - Throws: an error for damage if the count says that there is none.
    func uncount(_ lease: Lease) throws(SQLiteError) {
        guard lease.deadline > countedUntil else { return }
        if lease.receiveCount > 0 {
            inFlightCount -= 1
        } else {
            delayedCount -= 1
        }
        guard inFlightCount >= 0, delayedCount >= 0 else { throw contradiction("more leases ended than were counted") }
    }

    /// Whether number, sequence, cursor and counts are such as a queue can have.
    var isPlausible: Bool {
        (1...MessageKey.numberMax).contains(number) && (1...MessageKey.last(of: 0).sequence).contains(nextSequence)
            && (0..<nextSequence).contains(cursor)
            && [messageCount, inFlightCount, delayedCount].allSatisfy {
                (0...Int(MessageKey.last(of: 0).sequence)).contains($0)
            }
    }

    /// The error for rows of this queue that contradict each other.
    func contradiction(_ text: String) -> SQLiteError {
        .corrupt("queue \(name.text) contradicts itself: \(text)")
    }
}
