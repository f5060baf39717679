import QueueModel
import SQLite

extension QueueDatabase {
    func setQueueAttributes(_ command: SetQueueAttributesCommand) throws(SQLiteError) -> Result<Outcome, StoreError> {
        guard let record = records[command.queue] else { return .failure(.queueDoesNotExist) }
        let changed: QueueAttributes
        do throws(SQSError) {
            changed = try record.attributes.changed(by: command.changes)
            try RedrivePolicyCheck.check(changes: command.changes, of: command.queue) { records[$0]?.attributes }
        } catch {
            return .failure(.refused(error))
        }
        record.attributes = changed
        record.lastModifiedAt = now
        try queueTable.update(record, formerNumber: record.number)
        noteWrite()
        noteState(of: record)
        // A FIFO queue's delay counts for what is already there.
        if record.isFifo, let next = try nextGroupReadyAt(in: record) {
            noteAvailable(in: record, at: next)
        }
        return .success(.setQueueAttributes)
    }
}
