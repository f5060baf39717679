import QueueModel
import SQLite

/// Which messages each group of a FIFO queue has.
///
/// A change is appended to `group_changes` with its commit, so that it costs what an append costs, and kept in memory
/// until its bucket has its turn: then all that has changed there goes into `group_messages` at once. With each commit
/// as many buckets have their turn as keep both the memory and the rows to be read at a start within bounds.
final class GroupIndex {
    /// Bytes of a change in a row: the hash of its group and the key of its message.
    static let changeSizeBytes = 24

    /// Changes of one row at most: so many fit into one page.
    private static let changesPerRowMax = 160

    /// Rows that a commit may remove, and buckets that may have their turn with it, however little it changes.
    private static let removedRowsMin: Int64 = 8
    private static let turnsMin = 8

    /// What changed in a row.
    struct Change {
        let hash: GroupHash
        let key: MessageKey
        let isRemoval: Bool
    }

    private let next: Statement
    private let store: Statement
    private let remove: Statement
    private let deleteSome: Statement
    private let insertChanges: Statement
    private let deleteChanges: Statement
    private let allChanges: Statement
    private let connection: Connection
    private let hasher: GroupHasher
    private var buffer: GroupBuffer

    /// The changes of the batch under way that are in no row yet.
    private var unwritten: [UInt8] = []
    private var unwrittenCount = 0
    private var nextNumber: Int64 = 1

    /// The first row, and the one before which all have been made.
    private var firstNumber: Int64 = 1
    private var firstKept: Int64 = 1

    /// The bucket whose turn is next, the changes for which buckets have to have their turn still, and the next row's
    /// number when the first one had its turn.
    private var position = 0
    private var changesDue = 0
    private var numberAtFirstTurn: Int64 = 1

    /// The statements on the way of a message, for the test of their query plans.
    static let hotStatements = [
        "next": """
        select sequence from group_messages
        where queue = ?1 and group_hash = ?2 and sequence > ?3
        order by sequence
        """,
        "store": "insert or ignore into group_messages (queue, group_hash, sequence) values (?1, ?2, ?3)",
        "remove": "delete from group_messages where queue = ?1 and group_hash = ?2 and sequence = ?3",
        "insertChanges": "insert into group_changes (number, changes) values (?1, ?2)",
        "deleteChanges": "delete from group_changes where number < ?1",
    ]

    init(_ connection: Connection, secret: [UInt8], _ size: GroupBuffer.Size) throws(SQLiteError) {
        func prepare(_ name: String) throws(SQLiteError) -> Statement {
            guard let sql = GroupIndex.hotStatements[name] else { preconditionFailure("no statement \(name)") }
            return try connection.prepare(sql)
        }
        self.connection = connection
        hasher = GroupHasher(secret: secret)
        buffer = GroupBuffer(size)
        next = try prepare("next")
        store = try prepare("store")
        remove = try prepare("remove")
        insertChanges = try prepare("insertChanges")
        deleteChanges = try prepare("deleteChanges")
        deleteSome = try connection.prepare(
            """
            delete from group_messages where queue = ?1 and (group_hash, sequence) in (
                select group_hash, sequence from group_messages where queue = ?1 limit ?2
            )
            """
        )
        allChanges = try connection.prepare("select number, changes from group_changes order by number")
    }

    func hash(of group: String, number: Int64) -> GroupHash {
        hasher.hash(number: number, group: group)
    }

    /// Reads what the last process, or a batch that was rolled back, has left in the rows of changes.
    ///
    /// A message that came in one of them and is gone by now was removed before it got any farther.
    func load(isThere: (MessageKey) throws(SQLiteError) -> Bool) throws(SQLiteError) {
        defer { allChanges.reset() }
        buffer = GroupBuffer(buffer.size)
        unwritten.removeAll(keepingCapacity: true)
        unwrittenCount = 0
        (firstNumber, nextNumber) = (1, 1)
        var isFirst = true
        while try allChanges.step() {
            let number = allChanges.integer(0)
            guard number >= nextNumber, number < .max else {
                throw .corrupt("a row of group changes has a wrong number")
            }
            if isFirst { firstNumber = number }
            isFirst = false
            nextNumber = number + 1
            guard let changes = allChanges.withBytes(1, GroupIndex.changes) else {
                throw .corrupt("a row of group changes can't be read")
            }
            for change in changes {
                let isGone = change.isRemoval ? true : try !isThere(change.key)
                buffer.set(isGone ? .removed : .perhapsStored, of: change.key, change.hash)
            }
        }
        firstKept = firstNumber
        numberAtFirstTurn = nextNumber
        (position, changesDue) = (0, 0)
    }

    // MARK: Messages

    /// Goes through the messages of a group in their order, as long as `isWanted` says so.
    func walk(
        _ hash: GroupHash,
        number: Int64,
        after first: MessageKey? = nil,
        while isWanted: (MessageKey) throws(SQLiteError) -> Bool
    ) throws(SQLiteError) {
        let changed = buffer.entries(near: hash)
        var last = first ?? MessageKey(number: number, sequence: 0)
        defer { next.reset() }
        GroupIndex.bind(next, hash, last)
        while try next.step() {
            last = MessageKey(number: number, sequence: next.integer(0))
            let isRemoved = changed.contains { $0.key == last && $0.state == .removed }
            guard try isRemoved ? true : isWanted(last) else { return }
        }
        for entry in changed where entry.state != .removed && entry.hash == hash && entry.key.rawValue > last.rawValue {
            guard try isWanted(entry.key) else { return }
        }
    }

    /// The first message of a group, or nothing if it has none.
    func first(_ hash: GroupHash, number: Int64) throws(SQLiteError) -> MessageKey? {
        var first: MessageKey?
        try walk(hash, number: number) { key in
            first = key
            return false
        }
        return first
    }

    /// Enters a message as the last one of its group.
    func add(_ key: MessageKey, _ hash: GroupHash, isLive: (Int64) -> Bool) throws(SQLiteError) {
        buffer.append(.init(hash: hash, key: key, state: .added))
        note(hash, key.rawValue)
        try storeIfFull(hash, isLive: isLive)
    }

    /// Removes a message; at once if no row may be added for it, since there may be no room for one.
    func remove(
        _ key: MessageKey,
        _ hash: GroupHash,
        isAtOnce: Bool,
        isLive: (Int64) -> Bool
    ) throws(SQLiteError) {
        let state = buffer.state(of: key, hash)
        if state == .added {
            buffer.set(nil, of: key, hash)
        } else if isAtOnce {
            buffer.set(nil, of: key, hash)
            try run(remove, hash, key)
        } else {
            buffer.set(.removed, of: key, hash)
            note(hash, key.rawValue | .min)
            try storeIfFull(hash, isLive: isLive)
        }
    }

    /// Removes up to `count` messages of a number that is out of use.
    ///
    /// - Returns: how many there were.
    func deleteSome(number: Int64, count: Int) throws(SQLiteError) -> Int {
        deleteSome.bind(1, number)
        deleteSome.bind(2, Int64(count))
        try deleteSome.run()
        return connection.changedRowCount
    }

    // MARK: Changes

    /// Writes what has changed; to be called before each commit.
    ///
    /// Without room nothing is put into `group_messages` meanwhile, which can wait.
    func write(hasRoom: Bool, isLive: (Int64) -> Bool) throws(SQLiteError) {
        let (count, former) = (unwrittenCount, nextNumber)
        try writeRows()
        changesDue += count
        guard hasRoom, changesDue >= buffer.size.changesPerBucket else { return }
        // Where there was no room for long, the rest is made up bit by bit.
        var turnsLeft = GroupIndex.turnsMin + 2 * count / buffer.size.changesPerBucket
        while changesDue >= buffer.size.changesPerBucket, turnsLeft > 0 {
            changesDue -= buffer.size.changesPerBucket
            turnsLeft -= 1
            try store(position, isLive: isLive)
            position += 1
            if position == buffer.size.buckets {
                position = 0
                // Since then each bucket has had its turn.
                firstKept = numberAtFirstTurn
                numberAtFirstTurn = nextNumber
            }
        }
        try removeRows(count: max(GroupIndex.removedRowsMin, 2 * (nextNumber - former)))
    }

    private func writeRows() throws(SQLiteError) {
        let rowSizeBytes = GroupIndex.changesPerRowMax * GroupIndex.changeSizeBytes
        for start in stride(from: 0, to: unwritten.count, by: rowSizeBytes) {
            insertChanges.bind(1, nextNumber)
            unwritten.withUnsafeBytes { bytes in
                let row = bytes[start..<min(start + rowSizeBytes, bytes.count)]
                insertChanges.bind(2, copying: UnsafeRawBufferPointer(rebasing: row))
            }
            try insertChanges.run()
            nextNumber += 1
        }
        unwritten.removeAll(keepingCapacity: true)
        unwrittenCount = 0
    }

    /// Removes rows of which everything was made, a few with each commit.
    private func removeRows(count: Int64) throws(SQLiteError) {
        guard firstNumber < firstKept else { return }
        firstNumber = min(firstNumber + count, firstKept)
        deleteChanges.bind(1, firstNumber)
        try deleteChanges.run()
    }

    private func storeIfFull(_ hash: GroupHash, isLive: (Int64) -> Bool) throws(SQLiteError) {
        let bucket = buffer.bucket(of: hash)
        guard buffer.isFull(bucket) else { return }
        try store(bucket, isLive: isLive)
    }

    /// Puts what has changed in a bucket into `group_messages`; nothing of numbers that are out of use.
    private func store(_ bucket: Int, isLive: (Int64) -> Bool) throws(SQLiteError) {
        for entry in buffer.take(bucket) {
            if entry.state == .removed {
                try run(remove, entry.hash, entry.key)
            } else if isLive(entry.key.number) {
                try run(store, entry.hash, entry.key)
            }
        }
    }

    private func run(_ statement: Statement, _ hash: GroupHash, _ key: MessageKey) throws(SQLiteError) {
        GroupIndex.bind(statement, hash, key)
        try statement.run()
    }

    /// Binds what a row of `group_messages` holds.
    static func bind(_ statement: Statement, _ hash: GroupHash, _ key: MessageKey) {
        statement.bind(1, key.number)
        withUnsafeBytes(of: (hash.high.bigEndian, hash.low.bigEndian)) { statement.bind(2, copying: $0) }
        statement.bind(3, key.sequence)
    }

    private func note(_ hash: GroupHash, _ key: Int64) {
        withUnsafeBytes(of: (hash.high.bigEndian, hash.low.bigEndian, key.bigEndian)) {
            unwritten.append(contentsOf: $0)
        }
        unwrittenCount += 1
    }

    /// The changes of a row, or nothing if it can't be read.
    static func changes(_ bytes: UnsafeRawBufferPointer) -> [Change]? {
        guard !bytes.isEmpty, bytes.count.isMultiple(of: changeSizeBytes) else { return nil }
        return stride(from: 0, to: bytes.count, by: changeSizeBytes).map { start in
            let key = Int64(bitPattern: word(bytes, start + 16))
            return Change(
                hash: hash(bytes, start),
                key: MessageKey(rawValue: key & .max),
                isRemoval: key < 0
            )
        }
    }

    /// The hash that stands somewhere in a row; none that a group has if it is cut short.
    static func hash(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> GroupHash {
        guard bytes.count >= start + 16 else { return GroupHash(high: 0, low: 0) }
        return GroupHash(high: word(bytes, start), low: word(bytes, start + 8))
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> UInt64 {
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
    }
}
