import QueueModel
import SQLite

/// The messages, in the order in which they entered their queues.
struct MessageTable {
    /// What a message row holds besides its key.
    struct Row {
        let messageId: MessageID
        let content: MessageContent
        let sentAt: Timestamp
        let deadLetterSource: QueueName?
    }

    /// A message beyond the cursor.
    struct Fresh {
        let key: MessageKey
        let sentAt: Timestamp
        let hasLease: Bool
        let sizeBytes: Int
    }

    /// A message on a walk from the oldest on.
    struct Old {
        let key: MessageKey
        let sentAt: Timestamp

        /// What its removal has to free.
        let bodySizeBytes: Int
    }

    private let insert: Statement
    private let copy: Statement
    private let deleteOne: Statement
    private let deleteRange: Statement
    private let find: Statement
    private let fresh: Statement
    private let oldest: Statement
    private let oldestMoved: Statement

    /// The statements on the way of a message, for the test of their query plans.
    static let hotStatements = [
        "insert": """
        insert into messages
            (key, message_id, sent_at, sender_id, digest, body, attributes, trace_header, dead_letter_source)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, null)
        """,
        "copy": """
        insert into messages
            (key, message_id, sent_at, sender_id, digest, body, attributes, trace_header, dead_letter_source)
        select ?2, message_id, sent_at, sender_id, digest, body, attributes, trace_header, ?3
        from messages where key = ?1
        """,
        "delete": "delete from messages where key = ?1",
        "find": """
        select message_id, sent_at, sender_id, digest, body, attributes, trace_header, dead_letter_source
        from messages where key = ?1
        """,
        "fresh": """
        select m.key, m.sent_at, l.key, length(m.body) + coalesce(length(m.attributes), 0)
        from messages m left join leases l on l.key = m.key
        where m.key > ?1 and m.key <= ?2
        order by m.key
        """,
        "oldest": """
        select key, sent_at, length(body) from messages where key between ?1 and ?2 order by key
        """,
        "oldestMoved": """
        select key, sent_at, length(body) from messages indexed by messages_moved
        where key >> 40 = ?1 and dead_letter_source is not null
        order by sent_at
        """,
    ]

    init(_ connection: Connection) throws(SQLiteError) {
        func prepare(_ name: String) throws(SQLiteError) -> Statement {
            guard let sql = MessageTable.hotStatements[name] else { preconditionFailure("no statement \(name)") }
            return try connection.prepare(sql)
        }
        insert = try prepare("insert")
        copy = try prepare("copy")
        deleteOne = try prepare("delete")
        deleteRange = try connection.prepare("delete from messages where key between ?1 and ?2")
        find = try prepare("find")
        fresh = try prepare("fresh")
        oldest = try prepare("oldest")
        oldestMoved = try prepare("oldestMoved")
    }

    func insert(_ message: NewMessage, at key: MessageKey, sentAt: Timestamp) throws(SQLiteError) {
        let content = message.content
        insert.bind(1, key.rawValue)
        bind(insert, 2, high: message.messageId.high, low: message.messageId.low)
        insert.bind(3, sentAt.milliseconds)
        insert.bind(4, content.senderId)
        bind(insert, 5, high: content.digest.high, low: content.digest.low)
        if content.attributes.bytes.isEmpty {
            insert.bind(7, nil as String?)
        } else {
            content.attributes.bytes.withUnsafeBytes { insert.bind(7, copying: $0) }
        }
        insert.bind(8, content.traceHeader)
        // The body alone may be large: SQLite reads it from where it lies.
        let result = content.body.withUnsafeBytes { body -> Result<Void, SQLiteError> in
            insert.bind(6, borrowing: body)
            do throws(SQLiteError) {
                try insert.run()
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    /// Copies a message to another queue; it remembers where it came from.
    func copy(_ key: MessageKey, to newKey: MessageKey, source: QueueName) throws(SQLiteError) {
        copy.bind(1, key.rawValue)
        copy.bind(2, newKey.rawValue)
        copy.bind(3, source.text)
        try copy.run()
    }

    func delete(_ key: MessageKey) throws(SQLiteError) {
        deleteOne.bind(1, key.rawValue)
        try deleteOne.run()
    }

    func delete(from first: MessageKey, through last: MessageKey) throws(SQLiteError) {
        deleteRange.bind(1, first.rawValue)
        deleteRange.bind(2, last.rawValue)
        try deleteRange.run()
    }

    func find(_ key: MessageKey) throws(SQLiteError) -> Row? {
        defer { find.reset() }
        find.bind(1, key.rawValue)
        guard try find.step() else { return nil }
        let messageId = words(find, 0)
        let digest = words(find, 3)
        return Row(
            messageId: MessageID(high: messageId.high, low: messageId.low),
            content: MessageContent(
                body: find.bytes(4),
                attributes: find.isNull(5) ? .none : EncodedMessageAttributes(bytes: find.bytes(5)),
                traceHeader: find.optionalText(6),
                senderId: find.text(2),
                digest: MD5Digest(high: digest.high, low: digest.low)
            ),
            sentAt: Timestamp(milliseconds: find.integer(1)),
            deadLetterSource: find.optionalText(7).flatMap(QueueName.init(_:))
        )
    }

    func startFresh(after key: MessageKey) {
        fresh.bind(1, key.rawValue)
        fresh.bind(2, MessageKey.last(of: key.number).rawValue)
    }

    /// Goes to the next message beyond the cursor, after `startFresh`.
    func nextFresh() throws(SQLiteError) -> Fresh? {
        guard try fresh.step() else { return nil }
        return Fresh(
            key: MessageKey(rawValue: fresh.integer(0)),
            sentAt: Timestamp(milliseconds: fresh.integer(1)),
            hasLease: !fresh.isNull(2),
            sizeBytes: Int(fresh.integer(3))
        )
    }

    func endFresh() {
        fresh.reset()
    }

    /// Messages in the order of their keys, as long as `isWanted` says so.
    func oldest(
        number: Int64,
        while isWanted: (Old) -> Bool
    ) throws(SQLiteError) {
        defer { oldest.reset() }
        oldest.bind(1, MessageKey(number: number, sequence: 0).rawValue)
        oldest.bind(2, MessageKey.last(of: number).rawValue)
        try walk(oldest, while: isWanted)
    }

    /// Messages that were moved here, the oldest first, as long as `isWanted` says so.
    func oldestMoved(
        number: Int64,
        while isWanted: (Old) -> Bool
    ) throws(SQLiteError) {
        defer { oldestMoved.reset() }
        oldestMoved.bind(1, number)
        try walk(oldestMoved, while: isWanted)
    }

    /// The key of the last of the first messages of a queue number, so many and so large together; nothing if there is
    /// no message.
    func endOfStep(number: Int64, count: Int, sizeBytesMax: Int) throws(SQLiteError) -> MessageKey? {
        var last: MessageKey?
        var (countLeft, sizeBytesLeft) = (count, sizeBytesMax)
        try oldest(number: number) { message in
            last = message.key
            countLeft -= 1
            sizeBytesLeft -= message.bodySizeBytes
            return countLeft > 0 && sizeBytesLeft > 0
        }
        return last
    }

    private func walk(
        _ statement: Statement,
        while isWanted: (Old) -> Bool
    ) throws(SQLiteError) {
        while try statement.step() {
            let message = Old(
                key: MessageKey(rawValue: statement.integer(0)),
                sentAt: Timestamp(milliseconds: statement.integer(1)),
                bodySizeBytes: Int(statement.integer(2))
            )
            guard isWanted(message) else { return }
        }
    }

    private func bind(_ statement: Statement, _ index: Int32, high: UInt64, low: UInt64) {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { statement.bind(index, copying: $0) }
    }

    private func words(_ statement: Statement, _ column: Int32) -> (high: UInt64, low: UInt64) {
        statement.withBytes(column) { bytes in
            precondition(bytes.count == 16, "a stored id or digest has \(bytes.count) bytes instead of 16")
            return (
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }
}
