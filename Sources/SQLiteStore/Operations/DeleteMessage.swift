import QueueModel
import SQLite

extension QueueDatabase {
    func deleteMessages(_ command: DeleteMessagesCommand) throws(SQLiteError) -> Result<Outcome, StoreError> {
        guard let record = records[command.queue] else { return .failure(.queueDoesNotExist) }
        var refusals: [ReceiptRefusal?] = []
        refusals.reserveCapacity(command.receipts.count)
        // For each group the next message is looked for once: the messages are often of one.
        var headless: [GroupHash] = []
        for receipt in command.receipts {
            switch target(of: receipt, in: record) {
            case .otherQueue:
                refusals.append(.belongsToAnotherQueue)
            case .retired:
                refusals.append(nil)
            case .message(let key) where record.isFifo:
                refusals.append(try deleteFifo(key, receipt, from: record, &headless))
            case .message(let key):
                // Whoever has a receipt has received the message, so if it is there, it has a lease.
                if let lease = try leases.findAlone(key) {
                    try removeRows(key, lease: lease, from: record)
                } else {
                    try removeParked(key)
                }
                refusals.append(nil)
            }
        }
        for group in headless {
            try putFirst(of: group, in: record)
        }
        return .success(.deletedMessages(refusals))
    }

    /// Deletes a message of a FIFO queue and notes its group if it was the first one there.
    private func deleteFifo(
        _ key: MessageKey,
        _ receipt: Receipt,
        from record: QueueRecord,
        _ headless: inout [GroupHash]
    ) throws(SQLiteError) -> ReceiptRefusal? {
        guard let (lease, sentAt, group) = try leases.findInGroup(key) else {
            try removeParked(key)
            return nil
        }
        // A message past its retention is as good as gone, and to delete that is no error.
        let isGone = record.isExpired(sentAt: sentAt, now: now)
        guard isGone || isInForce(receipt, of: lease) else { return .expired }
        try removeRows(key, lease: lease, from: record)
        guard let group else { return nil }
        let hash = groupIndex.hash(of: group, number: record.number)
        if try leave(hash, GroupTable.Head(key: key, lease: lease, sentAt: sentAt)) {
            headless.append(hash)
        }
        return nil
    }
}
