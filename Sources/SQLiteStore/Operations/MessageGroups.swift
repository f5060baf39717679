import QueueModel
import SQLite

extension QueueDatabase {
    /// Brings the row of a group in line with its messages, and tells when the group can be received from, if that is
    /// new.
    func refreshGroup(_ group: String, in record: QueueRecord) throws(SQLiteError) {
        var first: MessageTable.GroupMessage?
        try messages.run(number: record.number, group: group) { message in
            first = message
            return false
        }
        let former = try groups.find(group, number: record.number)
        guard let first else {
            if former != nil {
                try groups.delete(group, number: record.number)
                noteWrite()
            }
            return
        }
        let head = GroupTable.Head(
            key: first.key,
            isReceived: first.lease != nil,
            readyAt: first.lease?.deadline ?? first.sentAt
        )
        guard head != former else { return }
        try groups.write(head, of: group, number: record.number)
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
