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
        try set(changed, on: record)
        return .success(.setQueueAttributes)
    }

    /// Gives a queue checked attributes.
    func set(_ attributes: QueueAttributes, on record: QueueRecord) throws(SQLiteError) {
        if attributes.redrivePolicy != record.attributes.redrivePolicy {
            deadLetterSources.forget()
        }
        let hasNewDelay = attributes.delaySeconds != record.attributes.delaySeconds
        if attributes.deduplicationScope != record.attributes.deduplicationScope {
            record.formerScope = (record.deduplicationScope(now: now), now)
        }
        record.attributes = attributes
        record.lastModifiedAt = now
        try writeDescription(of: record)
        // A FIFO queue's delay counts for what is already there.
        if hasNewDelay, record.isFifo, let next = try nextGroupReadyAt(in: record) {
            noteAvailable(in: record, at: next)
        }
    }

    /// Writes what the queue's record says of it, but for what changes with every message.
    func writeDescription(of record: QueueRecord) throws(SQLiteError) {
        try queueTable.update(record, formerNumber: record.number)
        noteWrite()
        noteState(of: record)
    }
}
