import Foundation
import QueueModel
import SQLite

/// What a restored database passes over, or one whose last commits were given up, so that nothing is given out twice.
///
/// Sequence numbers, and the places in the logs that receipt handles name, were given out after the last commit that is
/// left. Were they given out again, a handle from that time could delete a message that its owner never saw, and a
/// sequence number would go back. So the queues go on far behind any place that can have been reached, and farther with
/// the time since that commit: a backup that is restored twice does not give out the same numbers twice.
struct SequenceJump {
    /// Places that each queue's log passes over in any case, 2^32, and for each second since the last commit.
    private static let sequences: Int64 = 1 << 32
    private static let sequencesPerSecond: Int64 = 10_000

    /// Numbers that new and purged queues pass over in any case.
    ///
    /// There are only eight million: for the time since the last commit it is one for each four seconds of a month at
    /// most, and chance stands in for the rest.
    private static let queueNumbers: Int64 = 1 << 16
    private static let secondsPerQueueNumber: Int64 = 4
    private static let secondsCounted: Int64 = 30 * 86_400

    private static let secondsMax: Int64 = 366 * 86_400

    /// The present moment.
    let now: Timestamp

    /// A random number from 0 until 2^16.
    let chance: Int64

    /// By the machine's clock and its random numbers.
    static func atPresent() -> SequenceJump {
        SequenceJump(
            now: Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)),
            chance: Int64.random(in: 0..<1 << 16)
        )
    }

    /// Does it, in one transaction; of what is left, no more than half is passed over.
    func make(in connection: Connection) throws(SQLiteError) {
        let written = try connection.integer("select coalesce(max(written_at), 0) from queue_state") ?? 0
        let seconds = min(max(0, (now.milliseconds - written) / 1_000), SequenceJump.secondsMax)
        let sequences = SequenceJump.sequences + seconds * SequenceJump.sequencesPerSecond
        let counted = min(seconds, SequenceJump.secondsCounted)
        let numbers = SequenceJump.queueNumbers + counted / SequenceJump.secondsPerQueueNumber + chance
        let lastSequence = MessageKey.last(of: 0).sequence
        try connection.execute(
            """
            begin immediate;
            update queue_state
            set next_sequence = next_sequence + min(\(sequences), max(0, \(lastSequence) - next_sequence) / 2);
            update meta set value = value + min(\(numbers), max(0, \(MessageKey.numberMax) - value) / 2)
            where name = 'next_queue_number';
            commit;
            """
        )
    }
}
