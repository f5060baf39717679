import QueueModel
import SQLite

extension QueueDatabase {
    /// Everything that is not expired at a moment, or at that of the last batch if that is later.
    ///
    /// Reads the whole database, and throws if the lists of groups, or what is known of them, contradict the messages.
    func snapshot(now moment: Timestamp) throws(SQLiteError) -> StoreSnapshot {
        try groupIndex.check(storedGroups())
        var queues: [QueueName: StoreSnapshot.Queue] = [:]
        let now = max(moment, now)
        for record in records.values {
            queues[record.name] = StoreSnapshot.Queue(
                description: QueueDescription(
                    attributes: record.attributes,
                    createdAt: record.createdAt,
                    lastModifiedAt: record.lastModifiedAt,
                    tags: record.tags,
                    counts: nil
                ),
                messages: try storedMessages(of: record, now: now)
            )
        }
        return StoreSnapshot(queues: queues)
    }

    /// The messages of each group, in their order.
    private func storedGroups() throws(SQLiteError) -> [Int64: [GroupHash: [MessageKey]]] {
        var groups: [Int64: [GroupHash: [MessageKey]]] = [:]
        for record in records.values where record.isFifo {
            var keys: [MessageKey] = []
            try messages.oldest(number: record.number) { message in
                keys.append(message.key)
                return true
            }
            for key in keys {
                guard let group = try messages.group(of: key) else { throw notFound(key) }
                let hash = groupIndex.hash(of: group.name, number: record.number)
                groups[record.number, default: [:]][hash, default: []].append(key)
            }
        }
        return groups
    }

    private func storedMessages(
        of record: QueueRecord,
        now: Timestamp
    ) throws(SQLiteError) -> [StoreSnapshot.StoredMessage] {
        var keys: [MessageKey] = []
        try messages.oldest(number: record.number) { message in
            if !record.isExpired(sentAt: message.sentAt, now: now) {
                keys.append(message.key)
            }
            return true
        }
        var stored: [StoreSnapshot.StoredMessage] = []
        for key in keys {
            guard let row = try messages.find(key) else { throw .corrupt("a listed message is gone") }
            let lease = try leases.find(key)?.lease
            guard record.isFifo || lease != nil || key.sequence > record.cursor else {
                throw record.contradiction("a message is neither fresh nor leased")
            }
            stored.append(
                StoreSnapshot.StoredMessage(
                    messageId: row.messageId,
                    content: row.content,
                    sentAt: row.sentAt,
                    deadLetterSource: row.deadLetterSource,
                    sequenceNumber: record.isFifo ? key.sequenceNumber : nil,
                    receiveCount: lease?.receiveCount ?? 0,
                    firstReceivedAt: lease?.firstReceivedAt,
                    receivedAt: lease?.receivedAt,
                    availableAt: lease?.deadline ?? row.sentAt
                )
            )
        }
        return stored
    }
}
