import QueueModel
import SQLite

extension QueueDatabase {
    func tagQueue(_ command: TagQueueCommand) throws(SQLiteError) -> Result<Outcome, StoreError> {
        guard let record = records[command.queue] else { return .failure(.queueDoesNotExist) }
        do throws(SQSError) {
            record.tags = try record.tags.merging(command.tags, of: command.queue)
        } catch {
            return .failure(.refused(error))
        }
        try writeDescription(of: record)
        return .success(.taggedQueue)
    }
}
