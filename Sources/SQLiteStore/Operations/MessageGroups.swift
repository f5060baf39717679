import QueueModel
import SQLite

extension QueueDatabase {
    /// Enters a message that was just stored as the last one of its group, and tells when the group can be received
    /// from, if that is new: behind others it changes nothing.
    func enter(_ head: GroupTable.Head, into group: String, in record: QueueRecord) throws(SQLiteError) {
        let hash = groupIndex.hash(of: group, number: record.number)
        let isFirst = try groupIndex.first(hash, number: record.number) == nil
        try groupIndex.add(head.key, hash, isLive: isLive)
        guard isFirst else { return }
        try groups.insert(head)
        noteWrite()
        noteAvailable(in: record, at: readyAt(head, in: record))
    }

    /// Has a message that was just removed leave its group, whose row may be gone already.
    ///
    /// - Returns: whether the group's row is gone, so that `putFirst` has to be called.
    func leave(
        _ hash: GroupHash,
        _ former: GroupTable.Head,
        hasLostFirst: Bool = false
    ) throws(SQLiteError) -> Bool {
        // Where there is no room no row is added, so that messages can always be deleted.
        try groupIndex.remove(former.key, hash, isAtOnce: scope != .all, isLive: isLive)
        return try hasLostFirst ? true : groups.delete(former)
    }

    /// Writes the row of a group that has lost its first message, and tells when the next one can be received.
    func putFirst(of hash: GroupHash, in record: QueueRecord) throws(SQLiteError) {
        guard let key = try groupIndex.first(hash, number: record.number) else { return }
        let head = try groupMessage(key).head
        try groups.insert(head)
        noteWrite()
        noteAvailable(in: record, at: readyAt(head, in: record))
    }

    /// Brings the row of a group in line with the new deadline of a message, if that is its first one, and tells when
    /// the group can be received from.
    func hide(_ former: GroupTable.Head, until deadline: Timestamp, in record: QueueRecord) throws(SQLiteError) {
        let head = GroupTable.Head(key: former.key, isReceived: true, readyAt: deadline)
        guard head != former, try groups.change(former, to: head) else { return }
        noteWrite()
        noteAvailable(in: record, at: deadline)
    }

    /// Goes through a group from its first message on, as long as `isWanted` says so.
    func walkGroup(
        from first: MessageKey,
        while isWanted: (MessageTable.GroupMessage) -> Bool
    ) throws(SQLiteError) {
        let message = try groupMessage(first)
        guard isWanted(message) else { return }
        let hash = groupIndex.hash(of: message.group, number: first.number)
        try groupIndex.walk(hash, number: first.number, after: first) { key throws(SQLiteError) in
            isWanted(try groupMessage(key))
        }
    }

    /// A message that is listed as one of a group.
    func groupMessage(_ key: MessageKey) throws(SQLiteError) -> MessageTable.GroupMessage {
        guard let message = try messages.inGroup(key) else {
            throw .corrupt("the message with key \(key.rawValue) is listed in a group and can't be found")
        }
        return message
    }

    /// Whether a queue has this number.
    func isLive(_ number: Int64) -> Bool {
        recordsByNumber[number] != nil
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
