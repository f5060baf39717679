import QueueModel
import SQLite

/// The deduplication ids of the last five minutes.
///
/// Those of one commit are one row, written with it, so that they cost what an append costs: in the order of a hash
/// each would change a page of its own. An id is found by what `DeduplicationWindow` knows of where it is.
struct DeduplicationTable {
    /// What a deduplication id stands for, as a hash of all of it.
    ///
    /// Without the store's secret nobody can choose ids that are taken for each other.
    typealias Scope = SipHash.Value

    /// The first message that had an id.
    struct First {
        let messageId: MessageID
        let key: MessageKey
    }

    /// Bytes of an id in a row: its hash, the message's key and MessageId.
    static let idSizeBytes = 40

    /// Ids of one row at most, so that a step of the sweep stays small.
    private static let idsPerRowMax = 1_000

    /// Rows that a step of the sweep removes at most.
    private static let removedRowsMax = 100

    private let insert: Statement
    private let find: Statement
    private let oldest: Statement
    private let delete: Statement
    private let all: Statement
    private let sip: SipHash
    private var window = DeduplicationWindow()
    private var nextNumber: Int64 = 1

    /// The ids of the batch under way that are in no row yet, and their moment.
    private var unwritten: [UInt8] = []
    private var unwrittenAt = Timestamp(milliseconds: 0)

    /// The statements on the way of a message, for the test of their query plans.
    static let hotStatements = [
        "insert": "insert into deduplication (number, sent_at, ids) values (?1, ?2, ?3)",
        "find": "select sent_at, ids from deduplication where number between ?1 and ?2",
        "oldest": "select number, sent_at from deduplication where number > 0 order by number limit ?1",
        "delete": "delete from deduplication where number <= ?1",
    ]

    init(_ connection: Connection, secret: [UInt8]) throws(SQLiteError) {
        func prepare(_ name: String) throws(SQLiteError) -> Statement {
            guard let sql = DeduplicationTable.hotStatements[name] else { preconditionFailure("no statement \(name)") }
            return try connection.prepare(sql)
        }
        sip = SipHash(secret: secret, purpose: "deduplication ids")
        insert = try prepare("insert")
        find = try prepare("find")
        oldest = try prepare("oldest")
        delete = try prepare("delete")
        all = try connection.prepare("select number, sent_at, ids from deduplication order by number")
    }

    /// Reads which ids still count.
    mutating func load(now: Timestamp) throws(SQLiteError) {
        defer { all.reset() }
        window = DeduplicationWindow()
        unwritten.removeAll(keepingCapacity: true)
        var lastSentAt = Timestamp(milliseconds: 0)
        while try all.step() {
            let (number, sentAt) = (all.integer(0), Timestamp(milliseconds: all.integer(1)))
            guard number >= nextNumber, number < .max, sentAt >= lastSentAt else {
                throw .corrupt("the rows of deduplication ids are out of order")
            }
            nextNumber = number + 1
            lastSentAt = sentAt
            guard sentAt.adding(seconds: Deduplication.intervalSeconds) > now else { continue }
            var window = window
            self.window = DeduplicationWindow()
            let isWhole = all.withBytes(2) { bytes in
                for start in stride(from: 0, to: bytes.count - bytes.count % Self.idSizeBytes, by: Self.idSizeBytes) {
                    window.note(DeduplicationTable.hash(bytes, start), now: sentAt)
                }
                return !bytes.isEmpty && bytes.count.isMultiple(of: Self.idSizeBytes)
            }
            guard isWhole else { throw .corrupt("a row of deduplication ids can't be read") }
            window.written(row: number)
            self.window = window
        }
    }

    /// Forgets the ids of a batch that is rolled back.
    ///
    /// That the window takes them for noted costs a look and no more.
    mutating func forgetUnwritten() {
        unwritten.removeAll(keepingCapacity: true)
    }

    /// The first message with an id, if it was sent less than five minutes before `now`.
    func find(_ scope: Scope, now: Timestamp) throws(SQLiteError) -> First? {
        guard window.mayHold(scope, now: now) else { return nil }
        if let first = unwritten.withUnsafeBytes({ DeduplicationTable.first(scope, $0) }) { return first }
        for rows in window.rows(of: scope, now: now) {
            defer { find.reset() }
            find.bind(1, rows.lowerBound)
            find.bind(2, rows.upperBound)
            while try find.step() {
                let sentAt = Timestamp(milliseconds: find.integer(0))
                guard sentAt.adding(seconds: Deduplication.intervalSeconds) > now,
                    let first = find.withBytes(1, { DeduplicationTable.first(scope, $0) })
                else { continue }
                guard first.key.rawValue >= 0 else { throw .corrupt("a deduplication id has a key below 0") }
                return first
            }
        }
        return nil
    }

    /// Remembers an id, which `find` did not find; it is written with the batch.
    mutating func insert(_ scope: Scope, first: First, now: Timestamp) throws(SQLiteError) {
        if unwritten.count >= Self.idSizeBytes * Self.idsPerRowMax {
            try writeRow()
        }
        unwrittenAt = now
        window.note(scope, now: now)
        let words = (
            scope.first.bigEndian, scope.second.bigEndian, first.key.rawValue.bigEndian,
            first.messageId.high.bigEndian, first.messageId.low.bigEndian
        )
        withUnsafeBytes(of: words) { unwritten.append(contentsOf: $0) }
    }

    /// Writes the ids of the batch that are in no row yet; to be called before each commit.
    mutating func writeRow() throws(SQLiteError) {
        guard !unwritten.isEmpty else { return }
        insert.bind(1, nextNumber)
        insert.bind(2, unwrittenAt.milliseconds)
        unwritten.withUnsafeBytes { insert.bind(3, copying: $0) }
        try insert.run()
        window.written(row: nextNumber)
        nextNumber += 1
        unwritten.removeAll(keepingCapacity: true)
    }

    /// Removes some of the ids that no longer count.
    ///
    /// - Returns: whether there were any.
    func removeSome(now: Timestamp) throws(SQLiteError) -> Bool {
        guard let last = try lastToRemove(now: now) else { return false }
        delete.bind(1, last)
        try delete.run()
        return true
    }

    private func lastToRemove(now: Timestamp) throws(SQLiteError) -> Int64? {
        defer { oldest.reset() }
        oldest.bind(1, Int64(DeduplicationTable.removedRowsMax))
        var last: Int64?
        while try oldest.step() {
            let sentAt = Timestamp(milliseconds: oldest.integer(1))
            guard sentAt.adding(seconds: Deduplication.intervalSeconds) <= now else { break }
            last = oldest.integer(0)
        }
        return last
    }

    /// What an id stands for in a queue, for one of its groups or, without one, for all of it.
    func scope(number: Int64, group: String?, id: String) -> Scope {
        var state = sip.begin()
        state.add(UInt64(bitPattern: number))
        state.add(id)
        if let group {
            state.add(group)
        }
        return state.finish()
    }

    /// Looks an id up among those of a row.
    private static func first(_ scope: Scope, _ bytes: UnsafeRawBufferPointer) -> First? {
        var start = 0
        while start + idSizeBytes <= bytes.count {
            if hash(bytes, start) == scope {
                return First(
                    messageId: MessageID(high: word(bytes, start + 24), low: word(bytes, start + 32)),
                    key: MessageKey(rawValue: Int64(bitPattern: word(bytes, start + 16)))
                )
            }
            start += idSizeBytes
        }
        return nil
    }

    private static func hash(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Scope {
        Scope(first: word(bytes, start), second: word(bytes, start + 8))
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> UInt64 {
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
    }
}
