import QueueModel
import SQLite

extension QueueDatabase {
    func deleteMessages(_ command: DeleteMessagesCommand) throws(SQLiteError) -> Result<Outcome, StoreError> {
        guard let record = records[command.queue] else { return .failure(.queueDoesNotExist) }
        var refusals: [ReceiptRefusal?] = []
        refusals.reserveCapacity(command.receipts.count)
        var keys: [MessageKey] = []
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
                keys.append(key)
                refusals.append(nil)
            }
        }
        try deleteStandard(keys, from: record)
        for group in headless {
            try putFirst(of: group, in: record)
        }
        return .success(.deletedMessages(refusals))
    }

    /// Deletes messages of a standard queue; those received together mostly follow each other.
    private func deleteStandard(_ keys: [MessageKey], from record: QueueRecord) throws(SQLiteError) {
        for wanted in KeyRun.runs(of: Set(keys).sorted { $0.rawValue < $1.rawValue }) {
            // Whoever has a receipt has received the message, so if it is there, it has a lease, unless a backup was
            // restored that is older.
            var leased = try leases.find(wanted)[...]
            let gone = leased.count < wanted.count ? Set(wanted.keys).subtracting(leased.map(\.key)) : []
            for run in KeyRun.runs(of: leased.map(\.key)) {
                try removeRows(run, leased.prefix(run.count).map(\.lease), from: record)
                leased = leased.dropFirst(run.count)
            }
            for key in gone.sorted(by: { $0.rawValue < $1.rawValue }) {
                if try messages.isThere(key) {
                    try removeRows(key, lease: nil, from: record)
                } else {
                    try removeParked(key)
                }
            }
        }
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
