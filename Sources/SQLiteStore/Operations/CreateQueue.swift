import QueueModel
import SQLite

extension QueueDatabase {
    func createQueue(_ command: CreateQueueCommand) throws(SQLiteError) -> Result<Outcome, StoreError> {
        let wanted: QueueAttributes
        let tags: QueueTags
        do throws(SQSError) {
            wanted = try QueueAttributes(isFifo: command.queue.isFifo).changed(by: command.attributes)
            if let record = records[command.queue] {
                let given = command.attributes.keys.sorted { $0.rawValue < $1.rawValue }
                if let differing = given.first(where: { !wanted.hasSame($0, as: record.attributes) }) {
                    throw .queueNameExists(differing: differing)
                }
                return .success(.createdQueue(isNew: false))
            }
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
