import QueueModel
import SQLite

extension QueueDatabase {
    func tagQueue(_ command: TagQueueCommand) throws(SQLiteError) -> Result<Outcome, StoreError> {
        guard let record = records[command.queue] else { return .failure(.queueDoesNotExist) }
        do throws(SQSError) {
            record.tags = try QueueTags.merging(command.tags, into: record.tags, of: command.queue)
        } catch {
            return .failure(.refused(error))
        }
        try writeDescription(of: record)
        return .success(.taggedQueue)
    }
}
