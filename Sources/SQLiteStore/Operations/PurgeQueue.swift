import QueueModel
import SQLite

extension QueueDatabase {
    /// Gives the queue a new number, so that a purge costs the same for any number of messages.
    func purgeQueue(_ command: PurgeQueueCommand) throws(SQLiteError) -> Result<Outcome, StoreError> {
        guard let record = records[command.queue] else { return .failure(.queueDoesNotExist) }
        if let purgedAt = record.purgedAt, now < purgedAt.adding(seconds: command.intervalSeconds) {
            return .failure(.refused(.purgeQueueInProgress(queue: command.queue)))
        }
        let former = record.number
        guard let number = try takeQueueNumber() else { return .failure(QueueDatabase.noQueueNumber) }
        try completeMoveTask(of: record.name)
        try retire(former)
        renumber(record, to: number)
        record.purgedAt = now
        try queueTable.update(record, formerNumber: former)
        return .success(.purgedQueue)
    }
}
