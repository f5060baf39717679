import QueueModel
import SQLite

extension QueueDatabase {
    func deleteMessages(_ command: DeleteMessagesCommand) throws(SQLiteError) -> Result<Outcome, StoreError> {
        guard let record = records[command.queue] else { return .failure(.queueDoesNotExist) }
        var refusals: [ReceiptRefusal?] = []
        refusals.reserveCapacity(command.receipts.count)
        var wanted: [MessageKey: Receipt] = [:]
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
                if wanted[key].map({ $0.receivedAt < receipt.receivedAt }) ?? true { wanted[key] = receipt }
                refusals.append(nil)
            }
        }
        try deleteStandard(wanted, from: record)
        for group in headless {
            try putFirst(of: group, in: record)
        }
        return .success(.deletedMessages(refusals))
    }

    /// Deletes messages of a standard queue; those received together mostly follow each other.
    private func deleteStandard(_ wanted: [MessageKey: Receipt], from record: QueueRecord) throws(SQLiteError) {
        for run in KeyRun.runs(of: wanted.keys.sorted { $0.rawValue < $1.rawValue }) {
            var leased = try leases.find(run)[...]
            var received: [(key: MessageKey, lease: Lease)] = []
            received.reserveCapacity(run.count)
            for key in run.keys {
                guard let receipt = wanted[key] else { preconditionFailure("a run has a key that is not wanted") }
                let lease = leased.first?.key == key ? leased.removeFirst().lease : nil
                if let lease, let first = lease.firstReceivedAt, first <= receipt.receivedAt {
                    received.append((key, lease))
                } else {
                    try deleteUnreceived(key, receipt, lease: lease, from: record)
                }
            }
            var left = received[...]
            for run in KeyRun.runs(of: received.map(\.key)) {
                try removeRows(run, left.prefix(run.count).map(\.lease), from: record)
                left = left.dropFirst(run.count)
            }
        }
    }

    /// Deletes a message that was not received yet when its receipt was given out, by what the store knows.
    ///
    /// So it is gone, or a backup was restored that is older than the receipt. Where a copy of the database was put
    /// back by hand, or the end of the log was lost, another message has its key: that is younger than the receipt.
    private func deleteUnreceived(
        _ key: MessageKey,
        _ receipt: Receipt,
        lease: Lease?,
        from record: QueueRecord
    ) throws(SQLiteError) {
        guard let sentAt = try messages.sentAt(of: key) else { return try removeParked(key) }
        guard sentAt <= receipt.receivedAt else { return }
        try removeRows(key, lease: lease, from: record)
    }

    /// Deletes a message of a FIFO queue and notes its group if it was the first one there.
    private func deleteFifo(
        _ key: MessageKey,
        _ receipt: Receipt,
        from record: QueueRecord,
        _ headless: inout [GroupHash]
    ) throws(SQLiteError) -> ReceiptRefusal? {
        guard let (lease, sentAt, group) = try leases.findInGroup(key) else {
            // It is there after a restore, if nobody has received it since.
            if let sentAt = try messages.sentAt(of: key) {
                return record.isExpired(sentAt: sentAt, now: now) ? nil : .expired
            }
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
