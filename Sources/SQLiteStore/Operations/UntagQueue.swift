import QueueModel
import SQLite

extension QueueDatabase {
    func untagQueue(_ command: UntagQueueCommand) throws(SQLiteError) -> Result<Outcome, StoreError> {
        guard let record = records[command.queue] else { return .failure(.queueDoesNotExist) }
        for key in command.tagKeys {
            record.tags[key] = nil
        }
        try writeDescription(of: record)
        return .success(.untaggedQueue)
    }
}
