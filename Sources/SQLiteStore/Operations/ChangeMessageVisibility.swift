import QueueModel
import SQLite

extension QueueDatabase {
    func changeMessageVisibility(
        _ command: ChangeMessageVisibilityCommand
    ) throws(SQLiteError) -> Result<Outcome, StoreError> {
        guard let record = records[command.queue] else { return .failure(.queueDoesNotExist) }
        var refusals: [ReceiptRefusal?] = []
        refusals.reserveCapacity(command.entries.count)
        for entry in command.entries {
            refusals.append(try change(entry, onlyLastReceive: command.onlyLastReceive, in: record))
        }
        return .success(.changedMessageVisibility(refusals))
    }

    private func change(
        _ entry: ChangeMessageVisibilityCommand.Entry,
        onlyLastReceive: Bool,
        in record: QueueRecord
    ) throws(SQLiteError) -> ReceiptRefusal? {
        let receipt = entry.receipt
        let key: MessageKey
        switch target(of: receipt, in: record) {
        case .otherQueue: return .belongsToAnotherQueue
        case .retired: return .messageNotAvailable
        case .message(let found): key = found
        }
        // A message that is younger than the receipt has come into the place of one that was lost.
        guard let (lease, sentAt) = try leases.find(key), let receivedAt = lease.receivedAt,
            !record.isExpired(sentAt: sentAt, now: now), sentAt <= receipt.receivedAt
        else { return .messageNotAvailable }
        guard !record.isFifo || isInForce(receipt, of: lease) else { return .expired }
        let isLastReceive = lease.receiveCount == receipt.receiveCount && receivedAt == receipt.receivedAt
        guard isLastReceive || !onlyLastReceive else { return .messageNotAvailable }
        // Whole seconds, as AWS counts: twelve hours asked for right after the receive are granted.
        let heldSeconds = Int((now.milliseconds - receivedAt.milliseconds) / 1_000)
        guard heldSeconds + entry.visibilityTimeoutSeconds <= Limits.visibilityTimeoutSeconds.upperBound else {
            return .totalVisibilityBeyondLimit
        }
        var changed = lease
        changed.deadline = now.adding(seconds: entry.visibilityTimeoutSeconds)
        try write(changed, replacing: lease, for: KeyRun(first: key), in: record)
        if record.isFifo {
            try hide(key, replacing: lease, until: changed.deadline, in: record)
        }
        return nil
    }
}
