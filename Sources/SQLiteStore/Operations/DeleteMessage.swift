import QueueModel
import SQLite

extension QueueDatabase {
    func deleteMessages(_ command: DeleteMessagesCommand) throws(SQLiteError) -> Result<Outcome, StoreError> {
        guard let record = records[command.queue] else { return .failure(.queueDoesNotExist) }
        var refusals: [ReceiptRefusal?] = []
        refusals.reserveCapacity(command.receipts.count)
        var wanted: [MessageKey: Receipt] = [:]
        var wantedOfGroups: [(index: Int, key: MessageKey, receipt: Receipt)] = []
        for receipt in command.receipts {
            switch target(of: receipt, in: record) {
            case .otherQueue:
                refusals.append(.belongsToAnotherQueue)
            case .retired:
                refusals.append(nil)
            case .message(let key) where record.isFifo:
                wantedOfGroups.append((refusals.count, key, receipt))
                refusals.append(nil)
            case .message(let key):
                if wanted[key].map({ $0.receivedAt < receipt.receivedAt }) ?? true { wanted[key] = receipt }
                refusals.append(nil)
            }
        }
        if record.isFifo {
            for (index, refusal) in try deleteFifo(wantedOfGroups, from: record) { refusals[index] = refusal }
        } else {
            try deleteStandard(wanted, from: record)
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

    /// Deletes messages of a FIFO queue; those received together may follow each other here, too.
    ///
    /// - Returns: the receipts that are refused, by their place.
    private func deleteFifo(
        _ wanted: [(index: Int, key: MessageKey, receipt: Receipt)],
        from record: QueueRecord
    ) throws(SQLiteError) -> [(index: Int, refusal: ReceiptRefusal)] {
        let wanted = wanted.sorted { ($0.key.rawValue, $0.index) < ($1.key.rawValue, $1.index) }
        var leased: ArraySlice<LeasedMessage> = []
        leased.reserveCapacity(wanted.count)
        for run in KeyRun.runs(of: wanted.lazy.map(\.key)) { leased += try leasedMessages(run, in: record) }
        var refusals: [(index: Int, refusal: ReceiptRefusal)] = []
        var removed: [LeasedMessage] = []
        removed.reserveCapacity(wanted.count)
        for (index, key, receipt) in wanted {
            // By an earlier receipt of the batch it is gone, and to delete that is no error.
            guard removed.last?.key != key else { continue }
            leased = leased.drop { $0.key.rawValue < key.rawValue }
            let message = leased.first.flatMap { $0.key == key ? $0 : nil }
            if let reason = try refusal(of: receipt, for: key, message, in: record) {
                refusals.append((index, reason))
            } else if let message {
                removed.append(message)
            }
        }
        var left = removed[...]
        for run in KeyRun.runs(of: removed.lazy.map(\.key)) {
            try removeRows(run, left.prefix(run.count).map(\.lease), from: record)
            left = left.dropFirst(run.count)
        }
        let members: [Member] = removed.compactMap { message in
            guard let group = message.group else { return nil }
            return (group, GroupTable.Head(key: message.key, lease: message.lease, sentAt: message.sentAt))
        }
        try leave(members, in: record)
        return refusals
    }

    /// A message of a FIFO queue that has a lease, with its group; nothing if it is of none.
    private struct LeasedMessage {
        let key: MessageKey
        let lease: Lease
        let sentAt: Timestamp
        let group: GroupHash?
    }

    /// Those of some messages that have a lease.
    private func leasedMessages(_ run: KeyRun, in record: QueueRecord) throws(SQLiteError) -> [LeasedMessage] {
        var left = try leases.find(run)[...]
        guard !left.isEmpty else { return [] }
        return try messages.groups(of: run) { groupIndex.hash(of: $0, number: record.number) }.compactMap { message in
            left = left.drop { $0.key.rawValue < message.key.rawValue }
            guard let (key, lease) = left.first, key == message.key else { return nil }
            return LeasedMessage(key: key, lease: lease, sentAt: message.sentAt, group: message.group)
        }
    }

    /// Why a receipt does not delete a message of a FIFO queue; nothing if it does, or if there is none any more.
    private func refusal(
        of receipt: Receipt,
        for key: MessageKey,
        _ leased: LeasedMessage?,
        in record: QueueRecord
    ) throws(SQLiteError) -> ReceiptRefusal? {
        guard let leased else {
            // It is there after a restore, if nobody has received it since.
            if let sentAt = try messages.sentAt(of: key) {
                return record.isExpired(sentAt: sentAt, now: now) ? nil : .expired
            }
            try removeParked(key)
            return nil
        }
        // A message past its retention is as good as gone, and to delete that is no error.
        let isGone = record.isExpired(sentAt: leased.sentAt, now: now)
        return isGone || isInForce(receipt, of: leased.lease) ? nil : .expired
    }
}
