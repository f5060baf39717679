import QueueModel
import SQLite

extension QueueDatabase {
    /// Removes expired messages and the rests of retired numbers, up to a number of rows.
    ///
    /// - Returns: whether another step would find more to do.
    func sweep(_ command: SweepCommand) throws(SQLiteError) -> Bool {
        if let number = retiredNumbers.first {
            try sweepRetired(number, rowsMax: command.rowsMax)
            return true
        }
        let names = self.names
        var rowsLeft = command.rowsMax
        for _ in 0..<names.count {
            if sweepPosition >= names.count {
                sweepPosition = 0
            }
            guard let record = records[names[sweepPosition]] else { preconditionFailure("a listed queue is gone") }
            rowsLeft -= try sweepExpired(record, rowsMax: rowsLeft)
            guard rowsLeft > 0 else { return true }
            sweepPosition += 1
        }
        let forgotten = try forgetDeletedQueues(rowsMax: rowsLeft)
        guard forgotten < rowsLeft else { return true }
        if try deduplication.removeSome(count: command.rowsMax, now: now) {
            noteWrite()
            return true
        }
        if try attempts.removeSome(count: command.rowsMax, now: now) {
            noteWrite()
            return true
        }
        return try giveBackPages()
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
    private func giveBackPages() throws(SQLiteError) -> Bool {
        let free = try connection.integer("pragma freelist_count") ?? 0
        let all = try connection.integer("pragma page_count") ?? 0
        guard free > DatabaseSettings.freePagesKept, free > all / 2 else { return false }
        try connection.execute("pragma incremental_vacuum(\(DatabaseSettings.freePagesGivenBack))")
        noteWrite()
        return true
    }

    private func sweepRetired(_ number: Int64, rowsMax: Int) throws(SQLiteError) {
        let first = MessageKey(number: number, sequence: 0)
        noteWrite()
        try groups.deleteSome(number: number, count: rowsMax)
        guard let last = try messages.endOfStep(number: number, count: rowsMax) else {
            try queueTable.forget(number: number)
            retiredNumbers.removeFirst()
            return
        }
        try leases.delete(from: first, through: last)
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
        func isExpired(_ key: MessageKey, _ sentAt: Timestamp) -> Bool {
            guard record.isExpired(sentAt: sentAt, now: now) else {
                oldestLeft = min(oldestLeft, sentAt)
                return false
            }
            expired.append(key)
            return expired.count < rowsMax
        }
        try messages.oldest(number: record.number, while: isExpired)
        var removed = try remove(expired, from: record)
        guard removed < rowsMax else { return removed }
        expired = []
        try messages.oldestMoved(number: record.number, while: isExpired)
        removed += try remove(expired, from: record)
        if removed < rowsMax {
            record.oldestSentAt = oldestLeft
        }
        return removed
    }

    private func remove(_ keys: [MessageKey], from record: QueueRecord) throws(SQLiteError) -> Int {
        for key in keys {
            try remove(key, lease: try leases.find(key)?.lease, from: record)
        }
        return keys.count
    }
}
