import QueueModel
import SQLite

/// Writing and removing rows of messages and leases, with the counts in step.
extension QueueDatabase {
    /// Writes the lease of messages that all had the same or none, and keeps counts and hints in step.
    func write(_ lease: Lease, replacing former: Lease?, for run: KeyRun, in record: QueueRecord)
        throws(SQLiteError)
    {
        if former == nil {
            try leases.insert(lease, for: run)
        } else {
            try leases.replace(lease, for: run)
        }
        for key in run.keys {
            try account(lease, replacing: former, for: key, in: record)
        }
    }

    private func account(_ lease: Lease, replacing former: Lease?, for key: MessageKey, in record: QueueRecord)
        throws(SQLiteError)
    {
        if let former {
            try record.uncount(former)
        } else if record.isFifo {
            try record.unreceivedTail.leave(key.sequence)
        } else if key.sequence == record.cursor + 1 {
            // Nothing before it is without a lease, so no receive has to pass it later.
            record.cursor = key.sequence
        }
        record.count(lease)
        noteWrite()
        noteState(of: record)
        // On a FIFO queue it is the group that becomes available.
        if !record.isFifo {
            noteAvailable(in: record, at: lease.deadline)
        }
    }

    /// Removes a message with its lease and keeps the counts and its group in step.
    func remove(_ key: MessageKey, lease: Lease?, from record: QueueRecord) throws(SQLiteError) {
        let group = record.isFifo ? try messages.group(of: key) : nil
        try removeRows(key, lease: lease, from: record)
        guard let group else { return }
        let hash = groupIndex.hash(of: group.name, number: record.number)
        try leave([(hash, GroupTable.Head(key: key, lease: lease, sentAt: group.sentAt))], in: record)
    }

    /// The same but for the group, which is for the caller to have the message leave.
    func removeRows(_ key: MessageKey, lease: Lease?, from record: QueueRecord) throws(SQLiteError) {
        if let lease {
            try removeLeases(of: KeyRun(first: key), from: record)
            try record.uncount(lease)
        } else if record.isFifo {
            try record.unreceivedTail.leave(key.sequence)
        }
        try messages.delete(key)
        try account(removed: KeyRun(first: key), from: record)
    }

    /// The same for messages that all have a lease.
    func removeRows(_ run: KeyRun, _ former: [Lease], from record: QueueRecord) throws(SQLiteError) {
        guard run.count > 1 else { return try removeRows(run.first, lease: former.first, from: record) }
        try removeLeases(of: run, from: record)
        for lease in former {
            try record.uncount(lease)
        }
        try messages.delete(from: run.first, through: run.last)
        try account(removed: run, from: record)
    }

    private func removeLeases(of run: KeyRun, from record: QueueRecord) throws(SQLiteError) {
        guard try leases.remove(run) == run.count else {
            throw record.contradiction("a lease from key \(run.first.rawValue) on was found and is gone")
        }
    }

    /// To be called behind the statement that removed the messages.
    private func account(removed run: KeyRun, from record: QueueRecord) throws(SQLiteError) {
        guard connection.changedRowCount == run.count else {
            throw record.contradiction("a message from key \(run.first.rawValue) on is listed and can't be found")
        }
        record.messageCount -= run.count
        guard record.messageCount >= 0 else {
            throw record.contradiction("more messages were removed than were counted")
        }
        noteWrite()
        noteState(of: record)
    }
}
