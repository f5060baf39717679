import QueueModel
import SQLite

extension QueueDatabase {
    func createQueue(_ command: CreateQueueCommand) throws(SQLiteError) -> Result<Outcome, StoreError> {
        let wanted: QueueAttributes
        let tags: QueueTags
        do throws(SQSError) {
            if let record = records[command.queue] {
                if let differing = try record.attributes.firstDiffering(from: command.attributes) {
                    throw .queueNameExists(differing: differing)
                }
                return .success(.createdQueue(isNew: false))
            }
            wanted = try QueueAttributes(isFifo: command.queue.isFifo).changed(by: command.attributes)
            try RedrivePolicyCheck.check(changes: command.attributes, of: command.queue) { records[$0]?.attributes }
            tags = try QueueTags().merging(command.tags, of: command.queue)
        } catch {
            return .failure(.refused(error))
        }
        if let deletedAt = try deletedQueues.deletedAt(command.queue) {
            guard deletedAt.adding(seconds: command.recreationDelaySeconds) <= now else {
                return .failure(.refused(.queueDeletedRecently))
            }
        }
        guard let number = try takeQueueNumber() else { return .failure(QueueDatabase.noQueueNumber) }
        try deletedQueues.forget(command.queue)
        let record = QueueRecord(
            name: command.queue,
            number: number,
            attributes: wanted,
            createdAt: now,
            lastModifiedAt: now,
            tags: tags
        )
        try queueTable.insert(record)
        add(record)
        return .success(.createdQueue(isNew: true))
    }
}
