import QueueModel
import SQLite

extension QueueDatabase {
    func describeQueue(_ command: DescribeQueueCommand) throws(SQLiteError) -> Result<Outcome, StoreError> {
        guard let record = records[command.queue] else { return .failure(.queueDoesNotExist) }
        var counts: QueueCounts?
        if command.includesCounts {
            try advanceCounts(of: record)
            counts = QueueCounts(
                visible: record.messageCount - record.inFlightCount - record.delayedCount,
                inFlight: record.inFlightCount,
                delayed: record.delayedCount
            )
        }
        return .success(
            .describedQueue(
                QueueDescription(
                    attributes: record.attributes,
                    createdAt: record.createdAt,
                    lastModifiedAt: record.lastModifiedAt,
                    tags: record.tags,
                    counts: counts
                )
            )
        )
    }
}
