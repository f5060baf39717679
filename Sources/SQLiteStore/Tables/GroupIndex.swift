import QueueModel
import SQLite

/// Which messages each group of a FIFO queue has.
///
/// A change is appended to `group_changes` with its commit, so that it costs what an append costs, and kept in memory
/// until its bucket has its turn: then what has changed there goes into `group_messages` at once. With each commit as
/// many buckets have their turn as keep both the memory and the rows to be read at a start within bounds. While room is
/// short none has, but for one that is full; that lasts no longer than there is something to remove or to move.
///
/// Of groups that had changes the first and the last message are known, so that few lists are looked at.
final class GroupIndex {
    /// Rows that a commit may remove, and buckets that may have their turn with it, however little it changes.
    private static let removedRowsMin: Int64 = 8
    private static let turnsMin = 8

    /// Changes of a bucket that are stored in one turn at most.
    private static let storedPerTurnMax = 64

    /// Changes that one transaction of a start stores, and pages of the write-ahead log after which it is copied.
    private static let storedPerTransaction = 2_000
    private static let checkpointPages = 512

    /// How far the changes are written and stored.
    private struct Progress {
        var nextNumber: Int64 = 1

        /// The first row, and the one before which all have been stored.
        var firstNumber: Int64 = 1
        var firstKept: Int64 = 1

        /// The bucket whose turn is next, the changes for which buckets have to have their turn still, and the next
        /// row's number when the first one had its turn.
        var position = 0
        var changesDue = 0
        var numberAtFirstTurn: Int64 = 1
    }

    /// Whether a queue has this number; what belongs to others is not stored.
    var isLive: (Int64) -> Bool = { _ in true }

    private let messages: GroupMessageTable
    private let insertChanges: Statement
    private let deleteChanges: Statement
    private let allChanges: Statement
    private let connection: Connection
    private let hasher: GroupHasher
    private var buffer: GroupBuffer
    private(set) var cache: GroupEndsCache

    /// The changes of the batch under way that are in no row yet.
    private var unwritten: [UInt8] = []

    /// With the batch under way, and without it.
    private var progress = Progress()
    private var committed = Progress()

    /// The statements on the way of a message, for the test of their query plans.
    static let hotStatements = [
        "insertChanges": "insert into group_changes (number, changes) values (?1, ?2)",
        "deleteChanges": "delete from group_changes where number < ?1",
    ]

    init(_ connection: Connection, _ hasher: GroupHasher, _ size: GroupBuffer.Size) throws(SQLiteError) {
        func prepare(_ name: String) throws(SQLiteError) -> Statement {
            guard let sql = GroupIndex.hotStatements[name] else { preconditionFailure("no statement \(name)") }
            return try connection.prepare(sql)
        }
        self.connection = connection
        self.hasher = hasher
        buffer = GroupBuffer(size)
        cache = try GroupEndsCache(sets: size.cacheSets)
        messages = try GroupMessageTable(connection)
        insertChanges = try prepare("insertChanges")
        deleteChanges = try prepare("deleteChanges")
        allChanges = try connection.prepare("select number, changes from group_changes order by number")
    }

    func hash(of group: String, number: Int64) -> GroupHash {
        hasher.hash(number: number, group: group)
    }

    func hash(of group: UnsafeRawBufferPointer, number: Int64) -> GroupHash {
        hasher.hash(number: number, group: group)
    }

    // MARK: Start

    /// Puts what the last process has left in the rows of changes where groups are looked up.
    ///
    /// It can be ended anywhere and be done again. Where there is no room for it all stays in memory and in the rows,
    /// and is stored bit by bit.
    func start(hasRoom: Bool, isThere: (MessageKey) throws(SQLiteError) -> Bool) throws(SQLiteError) {
        // In the order of the messages, which are looked up one after the other.
        let last = try lastChanges().sorted { $0.key.rawValue < $1.key.rawValue }
        guard !last.isEmpty else { return }
        var entries: [GroupBuffer.Entry] = []
        for change in last {
            // A message that came and is gone was removed later, which need not be told in a row.
            let isGone = change.isRemoval ? true : try !isThere(change.key)
            entries.append(.init(hash: change.hash, key: change.key, state: isGone ? .removed : .perhapsStored))
        }
        entries.sort(by: GroupIndex.isBefore)
        if hasRoom, try storeAll(entries) {
            progress = Progress()
        } else {
            for entry in entries { buffer.append(entry) }
            buffer.keep()
            progress.changesDue = entries.count
        }
        committed = progress
    }

    /// Reads the rows; what they tell of each message last.
    private func lastChanges() throws(SQLiteError) -> [GroupChange] {
        defer { allChanges.reset() }
        var last: [MessageKey: GroupChange] = [:]
        var expected: Int64?
        while try allChanges.step() {
            let number = allChanges.integer(0)
            guard number >= 1, number < .max, number == expected ?? number else {
                throw .corrupt("a row of group changes has a wrong number")
            }
            if expected == nil { progress.firstNumber = number }
            expected = number + 1
            guard let changes = allChanges.withBytes(1, { GroupChangeRow.changes(number: number, $0, hasher) }) else {
                throw .corrupt("a row of group changes can't be read")
            }
            for change in changes { last[change.key] = change }
        }
        progress.nextNumber = expected ?? 1
        progress.firstKept = progress.firstNumber
        progress.numberAtFirstTurn = progress.nextNumber
        return Array(last.values)
    }

    /// The order of `group_messages`, which within a group is that in which its messages came.
    private static func isBefore(_ one: GroupBuffer.Entry, _ other: GroupBuffer.Entry) -> Bool {
        (one.key.number, one.hash.integer, one.key.rawValue)
            < (other.key.number, other.hash.integer, other.key.rawValue)
    }

    /// Stores everything, and then removes the rows.
    ///
    /// - Returns: whether there was room for it.
    private func storeAll(_ entries: [GroupBuffer.Entry]) throws(SQLiteError) -> Bool {
        do throws(SQLiteError) {
            var start = 0
            while start < entries.count {
                let end = min(start + GroupIndex.storedPerTransaction, entries.count)
                if connection.walPageCount >= GroupIndex.checkpointPages {
                    try connection.checkpoint(.passive)
                }
                try connection.execute("begin immediate")
                for entry in entries[start..<end] { try store(entry) }
                if end == entries.count { try deleteRows(before: progress.nextNumber) }
                try connection.execute("commit")
                start = end
            }
            return true
        } catch {
            guard error.isFull else { throw error }
            if connection.isInTransaction {
                try connection.execute("rollback")
            }
            return false
        }
    }

    // MARK: Messages

    /// Goes through the messages of a group in their order, as long as `isWanted` says so.
    func walk(
        _ hash: GroupHash,
        number: Int64,
        after first: MessageKey? = nil,
        while isWanted: (MessageKey) throws(SQLiteError) -> Bool
    ) throws(SQLiteError) {
        if let first, let ends = cache.ends(of: hash, number: number) {
            switch ends.next(after: first) {
            case .message(let last):
                _ = try isWanted(last)
                return
            case .end: return
            case .unknown: break
            }
        }
        try walkListed(hash, number: number, after: first, while: isWanted)
    }

    /// The same by what is listed, without what is known of the group.
    func walkListed(
        _ hash: GroupHash,
        number: Int64,
        after first: MessageKey? = nil,
        while isWanted: (MessageKey) throws(SQLiteError) -> Bool
    ) throws(SQLiteError) {
        let changed = buffer.entries(near: hash)
        var last = first ?? MessageKey(number: number, sequence: 0)
        var isEnded = false
        try messages.walk(hash, after: last) { key throws(SQLiteError) in
            last = key
            let isRemoved = changed.contains { $0.key == key && $0.state == .removed }
            isEnded = try isRemoved ? false : !isWanted(key)
            return !isEnded
        }
        guard !isEnded else { return }
        for entry in changed
        where entry.state != .removed && entry.hash == hash && entry.key.number == number
            && entry.key.rawValue > last.rawValue
        {
            guard try isWanted(entry.key) else { return }
        }
    }

    /// The first message of a group, or nothing if it has none.
    func first(_ hash: GroupHash, number: Int64) throws(SQLiteError) -> MessageKey? {
        let ends = cache.ends(of: hash, number: number)
        if let ends, ends.isEmpty || ends.first != nil { return ends.first }
        var first: MessageKey?
        try walkListed(hash, number: number) { key in
            first = key
            return false
        }
        switch (first, ends) {
        case (let first?, let ends?): cache.set(ends.finding(first: first), of: hash, number: number)
        case (nil, nil): cache.set(.empty(number: number), of: hash, number: number)
        case (nil, let ends?): throw .corrupt("message \(ends.last.rawValue) is listed in no group")
        case (_?, nil): break
        }
        return first
    }

    /// A message of a group that came before another, or nothing if it has none, and its ends with the other behind it.
    private func ends(
        of hash: GroupHash,
        appending key: MessageKey
    ) throws(SQLiteError) -> (former: MessageKey?, ends: GroupEnds) {
        if let known = cache.ends(of: hash, number: key.number) {
            return (known.isEmpty ? nil : known.last, known.appending(key))
        }
        // What came not long ago is known without a look at the table.
        let recent = buffer.entries(near: hash).last {
            $0.hash == hash && $0.key.number == key.number && $0.state != .removed
        }
        if let recent { return (recent.key, GroupEnds(first: nil, last: key, mayHaveOthers: true)) }
        let first = try first(hash, number: key.number)
        return (first, GroupEnds(first: first ?? key, last: key, mayHaveOthers: first != nil))
    }

    /// Enters a message as the last one of its group.
    ///
    /// - Returns: whether it is the only one there.
    func add(_ key: MessageKey, _ hash: GroupHash) throws(SQLiteError) -> Bool {
        let (former, ends) = try ends(of: hash, appending: key)
        if let former, former.rawValue >= key.rawValue {
            throw .corrupt("message \(former.rawValue) is listed in a group and was never sent")
        }
        cache.set(ends, of: hash, number: key.number)
        buffer.append(.init(hash: hash, key: key, state: .added))
        GroupChange(hash: hash, key: key, isRemoval: false).append(to: &unwritten)
        try storeIfFull(hash)
        return former == nil
    }

    /// Removes a message; at once if no row may be added for it, since there may be no room for one.
    func remove(_ key: MessageKey, _ hash: GroupHash, isAtOnce: Bool) throws(SQLiteError) {
        if let ends = cache.ends(of: hash, number: key.number) {
            cache.set(ends.removing(key), of: hash, number: key.number)
        }
        guard buffer.remove(key, hash, isEntered: !isAtOnce) else { return }
        if isAtOnce {
            try messages.delete(key, hash)
        } else {
            GroupChange(hash: hash, key: key, isRemoval: true).append(to: &unwritten)
            try storeIfFull(hash)
        }
    }

    /// Groups for which there is memory to each message of FIFO queues before it is given back.
    private static let groupsPerMessageMax = 4

    /// Gives the memory back that tells of groups if there are far fewer messages; groups are looked up again then.
    ///
    /// - Parameter messageCount: Messages of FIFO queues; counted only where there is memory to give back.
    func forgetGroups(messageCount: @autoclosure () -> Int) {
        guard let capacity = cache.grownCapacity, capacity > messageCount() * GroupIndex.groupsPerMessageMax else {
            return
        }
        cache.forgetAll()
    }

    /// Removes up to `count` messages of a number that is out of use.
    ///
    /// - Returns: how many there were.
    func deleteSome(number: Int64, count: Int) throws(SQLiteError) -> Int {
        try messages.deleteSome(number: number, count: count)
    }

    // MARK: Changes

    /// Writes what has changed; to be called before each commit.
    ///
    /// Without room nothing is put into `group_messages` meanwhile, which can wait.
    func write(hasRoom: Bool) throws(SQLiteError) {
        let (count, former) = (unwritten.count / GroupChange.sizeBytes, progress.nextNumber)
        try writeRows()
        progress.changesDue += count
        guard hasRoom, progress.changesDue >= buffer.size.changesPerBucket else { return }
        // A quarter of what is due, so that commits without changes have their share and none takes long; where there
        // was no room for long, the rest is made up bit by bit.
        let turnsMax = GroupIndex.turnsMin + 2 * count / buffer.size.changesPerBucket
        var turnsLeft = min(1 + progress.changesDue / buffer.size.changesPerBucket / 4, turnsMax)
        while progress.changesDue >= buffer.size.changesPerBucket, turnsLeft > 0 {
            turnsLeft -= 1
            try store(progress.position)
            // Its rows are kept until nothing of it is left.
            guard buffer.isEmpty(progress.position) else { continue }
            progress.changesDue -= buffer.size.changesPerBucket
            progress.position += 1
            if progress.position == buffer.size.buckets {
                progress.position = 0
                // Since then each bucket has had its turn.
                progress.firstKept = progress.numberAtFirstTurn
                progress.numberAtFirstTurn = progress.nextNumber
            }
        }
        try removeRows(count: max(GroupIndex.removedRowsMin, 2 * (progress.nextNumber - former)))
    }

    /// To be called after each commit.
    func keep() {
        buffer.keep()
        cache.keep()
        committed = progress
    }

    /// Takes back what the batch under way has changed.
    func undo() {
        buffer.undo()
        cache.undo()
        unwritten.removeAll(keepingCapacity: true)
        progress = committed
    }

    private func writeRows() throws(SQLiteError) {
        let rowSizeBytes = GroupChangeRow.changesMax * GroupChange.sizeBytes
        for start in stride(from: 0, to: unwritten.count, by: rowSizeBytes) {
            let changes = unwritten[start..<min(start + rowSizeBytes, unwritten.count)]
            insertChanges.bind(1, progress.nextNumber)
            GroupChangeRow.bytes(number: progress.nextNumber, changes: changes, hasher).withUnsafeBytes {
                insertChanges.bind(2, copying: $0)
            }
            try insertChanges.run()
            progress.nextNumber += 1
        }
        unwritten.removeAll(keepingCapacity: true)
    }

    /// Removes rows of which everything was stored, a few with each commit.
    private func removeRows(count: Int64) throws(SQLiteError) {
        guard progress.firstNumber < progress.firstKept else { return }
        progress.firstNumber = min(progress.firstNumber + count, progress.firstKept)
        try deleteRows(before: progress.firstNumber)
    }

    private func deleteRows(before number: Int64) throws(SQLiteError) {
        deleteChanges.bind(1, number)
        try deleteChanges.run()
    }

    private func storeIfFull(_ hash: GroupHash) throws(SQLiteError) {
        let bucket = buffer.bucket(of: hash)
        guard buffer.isFull(bucket) else { return }
        try store(bucket)
    }

    /// Puts what has changed in a bucket into `group_messages`, a bounded part of it if that is very much.
    private func store(_ bucket: Int) throws(SQLiteError) {
        // The first ones: what stays comes behind all that is stored of its group.
        for entry in buffer.take(GroupIndex.storedPerTurnMax, from: bucket) { try store(entry) }
    }

    private func store(_ entry: GroupBuffer.Entry) throws(SQLiteError) {
        if entry.state == .removed {
            try messages.delete(entry.key, entry.hash)
        } else if isLive(entry.key.number) {
            try messages.insert(entry.key, entry.hash)
        }
    }
}
