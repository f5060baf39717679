import QueueModel
import SQLite

/// What one step of a sweep does at most, besides the rows that it is told.
private enum SweepStep {
    static let queuesMax = 2_000
    static let bodiesSizeBytesMax = 4 * 1_048_576
}

extension QueueDatabase {
    /// Removes expired messages and the rests of retired numbers, up to a number of rows.
    ///
    /// - Returns: whether another step would find more to do.
    func sweep(_ command: SweepCommand) throws(SQLiteError) -> Bool {
        // Both in turn, so that a client that purges again and again does not keep what has expired.
        let hasExpired = try sweepExpired(rowsMax: command.rowsMax)
        if let number = retiredNumbers.first {
            try sweepRetired(number, rowsMax: command.rowsMax)
            return true
        }
        guard !hasExpired else { return true }
        try sweepParked()
        groupIndex.forgetGroups(messageCount: records.values.reduce(0) { $0 + ($1.isFifo ? $1.messageCount : 0) })
        guard try forgetDeletedQueues(rowsMax: command.rowsMax) < command.rowsMax else { return true }
        let hasForgotten = try deduplication.removeSome(now: now)
        guard try !attempts.removeSome(count: command.rowsMax, now: now), !hasForgotten else {
            noteWrite()
            return true
        }
        return try giveBackPages()
    }

    /// Removes what has expired, queue by queue, and begins again with the first one only when all have had their turn.
    ///
    /// - Returns: whether there may be more: the rows or the queues that one step may look at were used up.
    private func sweepExpired(rowsMax: Int) throws(SQLiteError) -> Bool {
        var rowsLeft = rowsMax
        for _ in 0..<SweepStep.queuesMax {
            guard sweepPosition < names.count else {
                sweepPosition = 0
                return false
            }
            guard let record = records[names[sweepPosition]] else { preconditionFailure("a listed queue is gone") }
            rowsLeft -= try sweepExpired(record, rowsMax: rowsLeft)
            guard rowsLeft > 0 else { return true }
            sweepPosition += 1
        }
        return true
    }

    /// Forgets names for which no switch can ask any more.
    private func forgetDeletedQueues(rowsMax: Int) throws(SQLiteError) -> Int {
        let anHourAgo = now.adding(seconds: -3_600)
        let count = try deletedQueues.forget(deletedBy: anHourAgo, rowsMax: rowsMax)
        if count > 0 {
            noteWrite()
        }
        return count
    }

    /// Gives free pages back to the file system once they are most of a file that is not small; a queue in use fills
    /// them again by itself.
    ///
    /// While sends wait for room it gives back what there is.
    private func giveBackPages() throws(SQLiteError) -> Bool {
        let free = try freePageCount()
        let given: Int64
        switch scope {
        case .all:
            let all = try connection.integer("pragma page_count") ?? 0
            guard free > DatabaseSettings.freePagesKept, free > all / 2 else { return false }
            given = DatabaseSettings.freePagesGivenBack(of: free)
        // That there is room again goes before how long a step takes.
        case .withoutSends:
            given = DatabaseSettings.freePagesGivenBackWhenShort
        case .withoutMoves:
            given = DatabaseSettings.freePagesGivenBackWhenFull
        case .removals:
            return false
        }
        guard free > 0 else { return false }
        try connection.execute("pragma incremental_vacuum(\(given))")
        noteWrite()
        pagesCut += min(given, free)
        return scope != .all || free <= DatabaseSettings.freePagesGivenBackAtOnce
    }

    private func sweepRetired(_ number: Int64, rowsMax: Int) throws(SQLiteError) {
        let first = MessageKey(number: number, sequence: 0)
        noteWrite()
        try groups.deleteSome(number: number, count: rowsMax)
        let listed = try groupIndex.deleteSome(number: number, count: rowsMax)
        guard
            let last = try messages.endOfStep(
                number: number,
                count: rowsMax,
                sizeBytesMax: SweepStep.bodiesSizeBytesMax
            )
        else {
            failPoint?(.inSweep)
            guard listed < rowsMax else { return }
            try queueTable.forget(number: number)
            retiredNumbers.removeFirst()
            return
        }
        guard last.rawValue >= first.rawValue else {
            throw .corrupt("the message with key \(last.rawValue) is out of order")
        }
        try leases.remove(KeyRun(first: first, count: Int(last.rawValue - first.rawValue) + 1))
        failPoint?(.inSweep)
        try messages.delete(from: first, through: last)
    }

    /// Removes what has expired from one queue.
    ///
    /// In the order of the keys nothing after the first live message has expired but what was moved here from another
    /// queue and brought its age along; that has an index of its own.
    func sweepExpired(_ record: QueueRecord, rowsMax: Int) throws(SQLiteError) -> Int {
        guard record.messageCount > 0, record.isExpired(sentAt: record.oldestSentAt, now: now) else { return 0 }
        var expired: [MessageKey] = []
        var oldestLeft = now
        var sizeBytes = 0
        func isExpired(_ message: MessageTable.Old) -> Bool {
            guard record.isExpired(sentAt: message.sentAt, now: now) else {
                oldestLeft = min(oldestLeft, message.sentAt)
                return false
            }
            expired.append(message.key)
            sizeBytes += message.bodySizeBytes
            return expired.count < rowsMax && sizeBytes < SweepStep.bodiesSizeBytesMax
        }
        try messages.oldest(number: record.number, while: isExpired)
        var removed = try remove(expired, from: record)
        // All the rows that were allowed count as removed, so that the step ends here.
        guard removed < rowsMax, sizeBytes < SweepStep.bodiesSizeBytesMax else { return rowsMax }
        expired = []
        try messages.oldestMoved(number: record.number, while: isExpired)
        removed += try remove(expired, from: record)
        guard removed < rowsMax, sizeBytes < SweepStep.bodiesSizeBytesMax else { return rowsMax }
        record.oldestSentAt = oldestLeft
        return removed
    }

    private func remove(_ keys: [MessageKey], from record: QueueRecord) throws(SQLiteError) -> Int {
        var members: [Member] = []
        for key in keys.sorted(by: { $0.rawValue < $1.rawValue }) {
            let group = record.isFifo ? try messages.group(of: key) : nil
            let lease = try leases.find(key)?.lease
            try removeRows(key, lease: lease, from: record)
            failPoint?(.inSweep)
            guard let group else { continue }
            let hash = groupIndex.hash(of: group.name, number: record.number)
            members.append((hash, GroupTable.Head(key: key, lease: lease, sentAt: group.sentAt)))
        }
        try leave(members, in: record)
        return keys.count
    }
}
