import QueueModel
import SQLite

extension QueueDatabase {
    func describeQueue(_ command: DescribeQueueCommand) throws(SQLiteError) -> Execution {
        guard let record = records[command.queue] else { return .done(.failure(.queueDoesNotExist)) }
        var counts: QueueCounts?
        if command.includesCounts {
            guard try advanceCounts(of: record) else { return .unfinished }
            if record.isFifo, try !alignTail(of: record) { return .unfinished }
            let delayed = record.isFifo ? record.unreceivedTail.count : record.delayedCount
            counts = QueueCounts(
                visible: record.messageCount - record.inFlightCount - delayed,
                inFlight: record.inFlightCount,
                delayed: delayed
            )
        }
        return .done(
            .success(
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
        )
    }

    /// Messages that one step passes.
    private static let tailRowsMax = 1_000

    /// Brings the start of a FIFO queue's tail to its first message that still waits for the queue's present delay.
    ///
    /// - Returns: whether it is there; if not, it goes on in the next batch.
    private func alignTail(of record: QueueRecord) throws(SQLiteError) -> Bool {
        guard record.attributes.delaySeconds > 0 else {
            record.unreceivedTail = UnreceivedTail(endingAt: record.nextSequence)
            return true
        }
        let goal = try firstDelayed(in: record)
        let start = record.unreceivedTail.start
        if goal - start > record.nextSequence - goal {
            // Nobody has asked for long: from the end it is nearer.
            record.unreceivedTail = UnreceivedTail(endingAt: record.nextSequence)
        }
        return try moveTail(of: record, to: goal)
    }

    /// Moves the start of a tail to a sequence, or a step towards it.
    private func moveTail(of record: QueueRecord, to goal: Int64) throws(SQLiteError) -> Bool {
        let start = record.unreceivedTail.start
        let isForward = start < goal
        var (passed, unreceived, reached) = (0, 0, goal)
        try messages.walkLeased(
            from: record.key(min(start, goal)),
            until: record.key(max(start, goal)),
            isForward: isForward
        ) { key, hasLease in
            guard passed < QueueDatabase.tailRowsMax else {
                reached = isForward ? key.sequence : key.sequence + 1
                return false
            }
            passed += 1
            unreceived += hasLease ? 0 : 1
            return true
        }
        if isForward {
            try record.unreceivedTail.skip(to: reached, unreceived: unreceived)
        } else {
            try record.unreceivedTail.include(from: reached, unreceived: unreceived)
        }
        return reached == goal
    }

    /// The first sequence of a FIFO queue from which on messages are younger than its delay: they entered the log in
    /// the order of their moments.
    private func firstDelayed(in record: QueueRecord) throws(SQLiteError) -> Int64 {
        let bound = now.adding(seconds: -record.attributes.delaySeconds)
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
        return low
    }
}
