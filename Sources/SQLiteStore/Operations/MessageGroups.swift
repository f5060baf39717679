import QueueModel
import SQLite

extension QueueDatabase {
    /// Brings the row of a group in line with its messages, and tells when the group can be received from, if that is
    /// new.
    func refreshGroup(_ group: String, in record: QueueRecord) throws(SQLiteError) {
        if let head = try messages.head(number: record.number, group: group) {
            try write(head, of: group, in: record)
        } else if try groups.delete(group, number: record.number) {
            noteWrite()
        }
    }

    /// Writes the row of a group whose head is known, and tells when the group can be received from, if that is new.
    func write(_ head: GroupTable.Head, of group: String, in record: QueueRecord) throws(SQLiteError) {
        guard try groups.write(head, of: group, number: record.number) else { return }
        noteWrite()
        noteAvailable(in: record, at: readyAt(head, in: record))
    }

    /// When a group can be received from: a message that was never received waits for the queue's present delay.
    func readyAt(_ head: GroupTable.Head, in record: QueueRecord) -> Timestamp {
        head.isReceived ? head.readyAt : head.readyAt.adding(seconds: record.attributes.delaySeconds)
    }

    /// When the next group can be received from, or nothing if there is none.
    func nextGroupReadyAt(in record: QueueRecord) throws(SQLiteError) -> Timestamp? {
        let received = try groups.earliest(number: record.number, isReceived: true)
        let fresh = try groups.earliest(number: record.number, isReceived: false)?
            .adding(seconds: record.attributes.delaySeconds)
        guard let received, let fresh else { return received ?? fresh }
        return min(received, fresh)
    }

    /// Whether a receipt still speaks for its message on a FIFO queue: the last receive's, while it hides the message.
    func isInForce(_ receipt: Receipt, of lease: Lease) -> Bool {
        lease.receiveCount == receipt.receiveCount && lease.receivedAt == receipt.receivedAt && lease.deadline > now
    }
}
