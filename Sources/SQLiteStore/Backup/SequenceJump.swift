import SQLite

/// What a restored database passes over, so that nothing is given out twice.
///
/// Sequence numbers, and the places in the logs that receipt handles name, were given out after the backup was made.
/// Were they given out again, a handle from that time would delete a message that its owner never saw, and a sequence
/// number would go back. So the restored queues go on far behind any place that can have been reached.
enum SequenceJump {
    /// Places that each queue's log passes over, 2^32: a year at 130 messages a second, a week at 7,000.
    static let sequences: Int64 = 1 << 32

    /// Numbers that new and purged queues pass over.
    static let queueNumbers: Int64 = 1 << 16

    /// Does it, in one transaction; where less than twice that is left, half of what is left is passed over.
    static func make(in connection: Connection) throws(SQLiteError) {
        let lastSequence = MessageKey.last(of: 0).sequence
        try connection.execute(
            """
            begin immediate;
            update queue_state
            set next_sequence = next_sequence + min(\(sequences), max(0, \(lastSequence) - next_sequence) / 2);
            update meta set value = value + min(\(queueNumbers), max(0, \(MessageKey.numberMax) - value) / 2)
            where name = 'next_queue_number';
            insert into meta (name, value) values ('restore_count', 1) on conflict do update set value = value + 1;
            commit;
            """
        )
    }
}
