import QueueModel
import SQLite

extension QueueDatabase {
    /// Takes the queue's name and number out of use; its messages are for the sweep.
    func deleteQueue(_ queue: QueueName) throws(SQLiteError) -> Result<Outcome, StoreError> {
        guard let record = records[queue] else { return .failure(.queueDoesNotExist) }
        try queueTable.delete(number: record.number)
        // Another queue of the same name has nothing to do with them.
        try moveTasks.forgetAll(of: queue)
        try deletedQueues.write(queue, deletedAt: now)
        try retire(record.number)
        remove(record)
        return .success(.deletedQueue)
    }

    func retire(_ number: Int64) throws(SQLiteError) {
        try queueTable.retire(number: number, now: now)
        retiredNumbers.append(number)
        noteWrite()
    }
}
