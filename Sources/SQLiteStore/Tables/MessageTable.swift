import QueueModel
import SQLite

/// The messages, in the order in which they entered their queues.
struct MessageTable {
    /// Bytes of a body up to which it is read where a message is only looked at.
    private static let readAlongSizeBytesMax = 2_048

    private let insert: Statement
    private let copy: Statement
    private let deleteOne: Statement
    private let deleteRange: Statement
    private let find: Statement
    private let findRange: Statement
    private let fresh: Statement
    private let group: Statement
    private let groups: Statement
    private let inGroup: MessageReaders
    private let head: Statement
    private let oldest: Statement
    private let oldestMoved: Statement
    private let leasedForward: Statement
    private let leasedBackward: Statement

    /// The statements on the way of a message, for the test of their query plans.
    static let hotStatements = [
        "insert": """
        insert into messages
            (key, message_id, sent_at, sender_id, digest, body, attributes, trace_header, group_id, deduplication_id)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        """,
        "copy": """
        insert into messages
            (key, message_id, sent_at, sender_id, digest, body, attributes, trace_header, group_id, deduplication_id,
            dead_letter_source)
        select ?2, message_id, coalesce(?4, sent_at), sender_id, digest, body, attributes, trace_header, group_id,
            coalesce(?5, deduplication_id), ?3
        from messages where key = ?1
        """,
        "delete": "delete from messages where key = ?1",
        "deleteRange": "delete from messages where key between ?1 and ?2",
        "find": """
        select message_id, sent_at, sender_id, digest, body, attributes, trace_header, dead_letter_source, group_id,
            deduplication_id
        from messages where key = ?1
        """,
        "findRange": """
        select message_id, sent_at, sender_id, digest, body, attributes, trace_header, dead_letter_source, group_id,
            deduplication_id, key
        from messages where key between ?1 and ?2
        order by key
        """,
        "fresh": """
        select m.key, m.sent_at, \(LeaseTable.ofMessage("key")), length(m.body) + coalesce(length(m.attributes), 0)
        from messages m
        where m.key > ?1 and m.key <= ?2
        order by m.key
        """,
        "group": "select group_id, message_id, sent_at from messages where key = ?1",
        "groups": "select key, sent_at, group_id from messages where key between ?1 and ?2 order by key",
        "head": """
        select \(LeaseTable.ofMessage("deadline")), m.sent_at from messages m
        where m.key = ?1 and m.group_id is not null
        """,
        "inGroup": """
        select m.message_id, m.sent_at, m.sender_id, m.digest, case when length(m.body) <= ?2 then m.body end,
            m.attributes, m.trace_header, m.dead_letter_source, m.group_id, m.deduplication_id,
            l.deadline, l.receive_count, l.first_received_at, l.received_at, l.former_receive_count, length(m.body),
            m.key
        from messages m left join leases l on l.key = \(LeaseTable.ofMessage("key"))
        where m.key >= ?1
        order by m.key
        """,
        "leasedForward": """
        select m.key, \(LeaseTable.ofMessage("key")) is not null from messages m
        where m.key >= ?1 and m.key < ?2
        order by m.key
        """,
        "leasedBackward": """
        select m.key, \(LeaseTable.ofMessage("key")) is not null from messages m
        where m.key >= ?1 and m.key < ?2
        order by m.key desc
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
        deleteRange = try prepare("deleteRange")
        find = try prepare("find")
        findRange = try prepare("findRange")
        fresh = try prepare("fresh")
        group = try prepare("group")
        groups = try prepare("groups")
        inGroup = try MessageReaders { () throws(SQLiteError) in try prepare("inGroup") }
        head = try prepare("head")
        oldest = try prepare("oldest")
        oldestMoved = try prepare("oldestMoved")
        leasedForward = try prepare("leasedForward")
        leasedBackward = try prepare("leasedBackward")
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
        insert.bind(9, content.messageGroupId)
        insert.bind(10, content.messageDeduplicationId)
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
    ///
    /// A FIFO queue's message is copied with another moment of sending and another deduplication id.
    func copy(
        _ key: MessageKey,
        to newKey: MessageKey,
        source: QueueName,
        sentAt: Timestamp? = nil,
        deduplicationId: String? = nil
    ) throws(SQLiteError) {
        copy.bind(1, key.rawValue)
        copy.bind(2, newKey.rawValue)
        copy.bind(3, source.text)
        copy.bind(4, sentAt?.milliseconds)
        copy.bind(5, deduplicationId)
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
        return try find.step() ? row(find) : nil
    }

    /// Messages that are all there, in the order of their keys.
    func find(_ run: KeyRun) throws(SQLiteError) -> [Row] {
        defer { findRange.reset() }
        findRange.bind(1, run.first.rawValue)
        findRange.bind(2, run.last.rawValue)
        var rows: [Row] = []
        rows.reserveCapacity(run.count)
        // A step behind the last one would only find the end.
        while rows.count < run.count, try findRange.step() {
            guard findRange.integer(10) == run.first.rawValue + Int64(rows.count) else { break }
            rows.append(row(findRange))
        }
        guard rows.count == run.count else {
            throw .corrupt("a message from key \(run.first.rawValue) on is listed and can't be found")
        }
        return rows
    }

    private func row(_ statement: Statement) -> Row {
        // What has lost its id or its digest matches no digest.
        let (storedId, storedDigest) = (words(statement, 0), words(statement, 3))
        let messageId = storedId ?? (high: 0, low: 0)
        let digest = storedId == nil ? (high: 0, low: 0) : storedDigest ?? (high: 0, low: 0)
        var content = MessageContent(
            body: statement.bytes(4),
            attributes: statement.isNull(5) ? .none : EncodedMessageAttributes(bytes: statement.bytes(5)),
            traceHeader: statement.optionalText(6),
            senderId: statement.text(2),
            digest: MD5Digest(high: digest.high, low: digest.low)
        )
        content.messageGroupId = statement.optionalText(8)
        content.messageDeduplicationId = statement.optionalText(9)
        return Row(
            messageId: MessageID(high: messageId.high, low: messageId.low),
            content: content,
            sentAt: Timestamp(milliseconds: statement.integer(1)),
            deadLetterSource: statement.optionalText(7).flatMap(QueueName.init(_:))
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

    /// The MessageGroupId of a message and the moment it was sent, or nothing if it has no group or is gone.
    func group(of key: MessageKey) throws(SQLiteError) -> (name: String, sentAt: Timestamp)? {
        defer { group.reset() }
        group.bind(1, key.rawValue)
        guard try group.step(), let name = group.optionalText(0) else { return nil }
        return (name, Timestamp(milliseconds: group.integer(2)))
    }

    /// What tells the groups of messages; those that are gone are left out.
    func groups(
        of run: KeyRun,
        hash: (UnsafeRawBufferPointer) -> GroupHash
    ) throws(SQLiteError) -> [Grouped] {
        defer { groups.reset() }
        groups.bind(1, run.first.rawValue)
        groups.bind(2, run.last.rawValue)
        var found: [Grouped] = []
        found.reserveCapacity(run.count)
        while try groups.step() {
            let key = MessageKey(rawValue: groups.integer(0))
            // SQLite takes the order of keys for granted and looks at the upper bound alone.
            guard key.rawValue >= run.first.rawValue, found.last.map({ key.rawValue > $0.key.rawValue }) ?? true else {
                throw .corrupt("the message with key \(key.rawValue) is out of order")
            }
            let sentAt = Timestamp(milliseconds: groups.integer(1))
            found.append(Grouped(key: key, sentAt: sentAt, group: groups.isNull(2) ? nil : groups.withBytes(2, hash)))
        }
        return found
    }

    /// The MessageId of a message, or nothing if it is gone; zeros for one that is damaged, which matches no digest.
    func messageId(of key: MessageKey) throws(SQLiteError) -> MessageID? {
        defer { group.reset() }
        group.bind(1, key.rawValue)
        guard try group.step() else { return nil }
        let (high, low) = words(group, 1) ?? (0, 0)
        return MessageID(high: high, low: low)
    }

    /// Whether there is a message with this key.
    func isThere(_ key: MessageKey) throws(SQLiteError) -> Bool {
        try sentAt(of: key) != nil
    }

    /// The moment a message was sent, or nothing if it is gone.
    func sentAt(of key: MessageKey) throws(SQLiteError) -> Timestamp? {
        defer { group.reset() }
        group.bind(1, key.rawValue)
        return try group.step() ? Timestamp(milliseconds: group.integer(2)) : nil
    }

    /// A message of a group with its lease; nothing if it is gone or has no group.
    ///
    /// To be followed by `endInGroup`.
    func inGroup(_ key: MessageKey) throws(SQLiteError) -> GroupMessage? {
        let inGroup = inGroup.reader(of: key) { statement in
            statement.bind(2, Int64(MessageTable.readAlongSizeBytesMax))
        }
        guard try inGroup.step(), inGroup.integer(16) == key.rawValue, let group = inGroup.optionalText(8) else {
            return nil
        }
        let bodySizeBytes = Int(inGroup.integer(15))
        let isReadAlong = bodySizeBytes <= MessageTable.readAlongSizeBytesMax
        return GroupMessage(
            key: key,
            lease: inGroup.isNull(10) ? nil : try LeaseTable.lease(inGroup, at: 10),
            sentAt: Timestamp(milliseconds: inGroup.integer(1)),
            sizeBytes: bodySizeBytes + inGroup.withBytes(5) { $0.count },
            group: group,
            row: isReadAlong ? row(inGroup) : nil
        )
    }

    /// Whether messages of a group are read that `endInGroup` has not ended.
    var isInGroup: Bool { inGroup.isReading }

    func endInGroup() {
        inGroup.end()
    }

    /// The row of a group whose first message this is; nothing if it is gone or has no group.
    func head(_ key: MessageKey) throws(SQLiteError) -> GroupTable.Head? {
        defer { head.reset() }
        head.bind(1, key.rawValue)
        guard try head.step() else { return nil }
        let deadline = head.optionalInteger(0)
        let readyAt = Timestamp(milliseconds: deadline ?? head.integer(1))
        return GroupTable.Head(key: key, isLeased: deadline != nil, readyAt: readyAt)
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

    /// When the first message was sent whose key is not smaller; nothing if the queue has none.
    func sentAt(from key: MessageKey) throws(SQLiteError) -> Timestamp? {
        defer { oldest.reset() }
        oldest.bind(1, key.rawValue)
        oldest.bind(2, MessageKey.last(of: key.number).rawValue)
        return try oldest.step() ? Timestamp(milliseconds: oldest.integer(1)) : nil
    }

    /// Walks through messages, forward from the first or backward to it, telling for each whether it has a lease, as
    /// long as `isWanted` says so.
    func walkLeased(
        from first: MessageKey,
        until end: MessageKey,
        isForward: Bool,
        while isWanted: (_ key: MessageKey, _ hasLease: Bool) -> Bool
    ) throws(SQLiteError) {
        let statement = isForward ? leasedForward : leasedBackward
        defer { statement.reset() }
        statement.bind(1, first.rawValue)
        statement.bind(2, end.rawValue)
        while try statement.step() {
            guard isWanted(MessageKey(rawValue: statement.integer(0)), statement.integer(1) == 1) else { return }
        }
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

    private func words(_ statement: Statement, _ column: Int32) -> (high: UInt64, low: UInt64)? {
        statement.withBytes(column) { bytes in
            guard bytes.count == 16 else { return nil }
            return (
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }
}
