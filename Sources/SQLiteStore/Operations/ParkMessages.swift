import QueueModel
import SQLite

/// A message that was put aside because it does not match its digest.
struct ParkedMessage {
    let queue: QueueName
    let key: MessageKey
}

extension QueueDatabase {
    func parkMessages(_ command: ParkMessagesCommand) throws(SQLiteError) -> Result<Outcome, StoreError> {
        guard let record = records[command.queue] else { return .failure(.queueDoesNotExist) }
        var count = 0
        for receipt in command.receipts {
            guard case .message(let key) = target(of: receipt, in: record),
                let (lease, _) = try leases.find(key),
                lease.receiveCount == receipt.receiveCount, lease.receivedAt == receipt.receivedAt,
                let row = try messages.find(key), row.content.verifiedMD5OfBody() == nil
            else { continue }
            try parked.insert(key, now: now)
            try remove(key, lease: lease, from: record)
            parkedKeys[key] = row.sentAt
            parkedNow.append(ParkedMessage(queue: record.name, key: key))
            count += 1
        }
        return .success(.parkedMessages(count: count))
    }

    /// Removes a parked message, if there is one with this key.
    func removeParked(_ key: MessageKey) throws(SQLiteError) {
        guard parkedKeys.removeValue(forKey: key) != nil else { return }
        try parked.delete(from: key, through: key)
        noteWrite()
    }

    /// Removes parked messages that have expired, or whose queue was purged or deleted.
    func sweepParked() throws(SQLiteError) {
        for (key, sentAt) in parkedKeys {
            guard recordsByNumber[key.number].map({ $0.isExpired(sentAt: sentAt, now: now) }) ?? true else { continue }
            try removeParked(key)
        }
    }
}
