import QueueModel
import SQLite

/// What a restored database passes over, so that nothing is given out twice.
///
/// Sequence numbers, and the places in the logs that receipt handles name, were given out after the backup was made.
/// Were they given out again, a handle from that time would delete a message that its owner never saw, and a sequence
/// number would go back. So the restored queues go on far behind any place that can have been reached, and farther with
/// the time since the backup: one that is restored twice does not give out the same numbers twice.
struct SequenceJump {
    /// Places that each queue's log passes over in any case, 2^32, and for each second since the backup.
    private static let sequences: Int64 = 1 << 32
    private static let sequencesPerSecond: Int64 = 10_000

    /// Numbers that new and purged queues pass over in any case.
    ///
    /// There are only eight million: for the time since the backup it is one for each four seconds of a month at most,
    /// and chance stands in for the rest.
    private static let queueNumbers: Int64 = 1 << 16
    private static let secondsPerQueueNumber: Int64 = 4
    private static let secondsCounted: Int64 = 30 * 86_400

    private static let secondsMax: Int64 = 366 * 86_400

    /// The moment of the restore.
    let now: Timestamp

    /// A random number from 0 until 2^16.
    let chance: Int64

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
            insert into meta (name, value) values ('restore_count', 1) on conflict do update set value = value + 1;
            commit;
            """
        )
    }
}
