import SQLite

/// FIFO: how many messages from a sequence on were never received.
///
/// Those that still wait for the queue's present delay stand at the end of the log. So that their number is known
/// without a look at each, the count goes along with what enters and leaves, and its start is moved only when somebody
/// asks: each message is passed once, and again if the delay was made longer.
struct UnreceivedTail {
    /// The first sequence that counts.
    private(set) var start: Int64

    /// Messages from there on that have no lease.
    private(set) var count = 0

    /// The tail of a log whose next message gets this sequence, counting nothing.
    init(endingAt nextSequence: Int64) {
        start = nextSequence
    }

    /// To be called when a message without a lease was stored as the last one.
    ///
    /// While nothing waits the start stays at the end, so that nothing has to be passed later.
    mutating func append(_ sequence: Int64, isDelayed: Bool) {
        if start == sequence, !isDelayed {
            start = sequence + 1
        } else {
            count += 1
        }
    }

    /// To be called when a message without a lease got one, or was removed.
    mutating func leave(_ sequence: Int64) throws(SQLiteError) {
        guard sequence >= start else { return }
        count -= 1
        guard count >= 0 else { throw .corrupt("more messages left a queue unreceived than entered it") }
    }

    /// Moves the start forward to a sequence, behind so many messages without a lease.
    mutating func skip(to sequence: Int64, unreceived: Int) throws(SQLiteError) {
        guard sequence >= start, count >= unreceived else { throw .corrupt("the messages of a queue are out of order") }
        start = sequence
        count -= unreceived
    }

    /// Moves the start back to a sequence, before so many messages without a lease.
    mutating func include(from sequence: Int64, unreceived: Int) throws(SQLiteError) {
        guard sequence <= start else { throw .corrupt("the messages of a queue are out of order") }
        start = sequence
        count += unreceived
    }
}
