import QueueModel
import SQLite

extension QueueDatabase {
    /// Enters a message that was just stored as the last one of its group, and tells when the group can be received
    /// from, if that is new: behind others it changes nothing.
    func enter(_ head: GroupTable.Head, into group: String, in record: QueueRecord) throws(SQLiteError) {
        let hash = groupIndex.hash(of: group, number: record.number)
        guard try groupIndex.add(head.key, hash) else { return }
        try groups.insert(head)
        noteWrite()
        noteAvailable(in: record, at: readyAt(head, in: record))
    }

    /// A message of a group, with the row that the group has if it is the first one there.
    typealias Member = (group: GroupHash, head: GroupTable.Head)

    /// Has messages that were just removed leave their groups; in the order of their keys.
    func leave(_ removed: [Member], in record: QueueRecord) throws(SQLiteError) {
        // Where there is no room no row is added, so that messages can always be deleted.
        for (group, head) in removed {
            try groupIndex.remove(head.key, group, isAtOnce: scope != .all)
        }
        var groupsSeen = Set<GroupHash>(minimumCapacity: removed.count)
        var heads: [GroupTable.Head] = []
        heads.reserveCapacity(removed.count)
        var next: [MessageKey] = []
        for (group, head) in removed where groupsSeen.insert(group).inserted {
            let first = try groupIndex.first(group, number: record.number)
            // The first of those of a group was its first message, unless one that came before it is still there.
            if let first, first.rawValue < head.key.rawValue { continue }
            heads.append(head)
            if let first { next.append(first) }
        }
        try groups.delete(heads)
        for key in next { try putRow(of: key, in: record) }
    }

    /// Writes the row of a group that has lost its first message, and tells when the next one can be received.
    private func putRow(of key: MessageKey, in record: QueueRecord) throws(SQLiteError) {
        guard let head = try messages.head(key) else { throw notFound(key) }
        try groups.insert(head)
        noteWrite()
        noteAvailable(in: record, at: readyAt(head, in: record))
    }

    /// Brings the row of a group in line with the new deadline of a message that had a lease, if that is its first one,
    /// and tells when the group can be received from.
    ///
    /// - Returns: whether the message may be the first one of its group.
    @discardableResult
    func hide(
        _ key: MessageKey,
        replacing former: Lease,
        until deadline: Timestamp,
        in record: QueueRecord
    ) throws(SQLiteError) -> Bool {
        guard former.deadline != deadline else { return true }
        guard try groups.change(key, from: former.deadline, to: deadline) else { return false }
        noteWrite()
        noteAvailable(in: record, at: deadline)
        return true
    }

    /// The same for groups whose first messages had no lease.
    ///
    /// - Returns: whether all of the messages are the first ones of their groups.
    func hide(_ run: KeyRun, until deadline: Timestamp, in record: QueueRecord) throws(SQLiteError) -> Bool {
        guard try groups.lease(run, until: deadline) == run.count else { return false }
        noteWrite()
        for _ in run.keys {
            noteAvailable(in: record, at: deadline)
        }
        return true
    }

    /// Goes through a group from its first message on, as long as `isWanted` says so; `messages.endInGroup` ends it.
    func walkGroup(
        from head: GroupTable.Head,
        while isWanted: (MessageTable.GroupMessage) -> Bool
    ) throws(SQLiteError) {
        let first = try groupMessage(head.key)
        guard first.head == head else {
            throw .corrupt("the group of message \(head.key.rawValue) is ready at another moment than the message")
        }
        guard isWanted(first) else { return }
        let number = head.key.number
        let hash = groupIndex.hash(of: first.group, number: number)
        try groupIndex.walk(hash, number: number, after: head.key) { key throws(SQLiteError) in
            let message = try groupMessage(key)
            guard message.group == first.group || groupIndex.hash(of: message.group, number: number) == hash else {
                throw .corrupt("message \(key.rawValue) is listed in a group that it is not of")
            }
            return isWanted(message)
        }
    }

    /// A message that is listed as one of a group.
    private func groupMessage(_ key: MessageKey) throws(SQLiteError) -> MessageTable.GroupMessage {
        guard let message = try messages.inGroup(key) else { throw notFound(key) }
        return message
    }

    /// The damage that a message is listed in a group and is not there.
    func notFound(_ key: MessageKey) -> SQLiteError {
        .corrupt("the message with key \(key.rawValue) is listed in a group and can't be found")
    }

    /// When a group can be received from: a message without a lease waits for the queue's present delay.
    func readyAt(_ head: GroupTable.Head, in record: QueueRecord) -> Timestamp {
        head.isLeased ? head.readyAt : head.readyAt.adding(seconds: record.attributes.delaySeconds)
    }

    /// When the next group can be received from, or nothing if there is none.
    func nextGroupReadyAt(in record: QueueRecord) throws(SQLiteError) -> Timestamp? {
        let (received, sent) = try groups.earliest(number: record.number, now: now)
        let fresh = sent?.adding(seconds: record.attributes.delaySeconds)
        guard let received, let fresh else { return received ?? fresh }
        return min(received, fresh)
    }

    /// Whether a receipt still speaks for its message on a FIFO queue: the last receive's, while it hides the message.
    func isInForce(_ receipt: Receipt, of lease: Lease) -> Bool {
        lease.receiveCount == receipt.receiveCount && lease.receivedAt == receipt.receivedAt && lease.deadline > now
    }
}
