import QueueModel
import SQLite

extension QueueDatabase {
    func deleteMessages(_ command: DeleteMessagesCommand) throws(SQLiteError) -> Result<Outcome, StoreError> {
        guard let record = records[command.queue] else { return .failure(.queueDoesNotExist) }
        var refusals: [ReceiptRefusal?] = []
        refusals.reserveCapacity(command.receipts.count)
        for receipt in command.receipts {
            switch target(of: receipt, in: record) {
            case .otherQueue:
                refusals.append(.belongsToAnotherQueue)
            case .retired:
                refusals.append(nil)
            case .message(let key):
                // Whoever has a receipt has received the message, so if it is there, it has a lease.
                guard let found = try leases.find(key) else {
                    try removeParked(key)
                    refusals.append(nil)
                    continue
                }
                // A message past its retention is as good as gone, and to delete that is no error.
                let isGone = record.isExpired(sentAt: found.sentAt, now: now)
                guard !record.isFifo || isGone || isInForce(receipt, of: found.lease) else {
                    refusals.append(.expired)
                    continue
                }
                try remove(key, lease: found.lease, from: record)
                refusals.append(nil)
            }
        }
        return .success(.deletedMessages(refusals))
    }
}
