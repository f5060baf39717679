import QueueModel
import SQLite

extension QueueDatabase {
    func describeQueue(_ command: DescribeQueueCommand) throws(SQLiteError) -> Result<Outcome, StoreError> {
        guard let record = records[command.queue] else { return .failure(.queueDoesNotExist) }
        var counts: QueueCounts?
        if command.includesCounts {
            try advanceCounts(of: record)
            let delayed = record.isFifo ? try delayedOfFifo(record) : record.delayedCount
            counts = QueueCounts(
                visible: record.messageCount - record.inFlightCount - delayed,
                inFlight: record.inFlightCount,
                delayed: delayed
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

    /// Messages that wait for the queue's present delay: they stand at the end of the log and were never received.
    private func delayedOfFifo(_ record: QueueRecord) throws(SQLiteError) -> Int {
        let delaySeconds = record.attributes.delaySeconds
        guard delaySeconds > 0 else { return 0 }
        let bound = now.adding(seconds: -delaySeconds)
        var low: Int64 = 1
        var high = record.nextSequence
        while low < high {
            let middle = (low + high) / 2
            if let sentAt = try messages.sentAt(from: record.key(middle)), sentAt <= bound {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return try messages.countWithoutLease(from: record.key(low))
    }
}
