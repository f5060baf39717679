import Foundation
import QueueModel
import SQLite

/// The queues, their states and the numbers that are out of use.
struct QueueTable {
    private let insert: Statement
    private let update: Statement
    private let delete: Statement
    private let writeState: Statement
    private let deleteState: Statement
    private let retire: Statement
    private let forget: Statement
    private let connection: Connection

    init(_ connection: Connection) throws(SQLiteError) {
        self.connection = connection
        insert = try connection.prepare(
            """
            insert into queues
                (number, name, attributes, tags, created_at, last_modified_at, purged_at, former_scope,
                scope_changed_at)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """
        )
        update = try connection.prepare(
            """
            update queues
            set number = ?2, attributes = ?3, tags = ?4, last_modified_at = ?5, purged_at = ?6, former_scope = ?7,
                scope_changed_at = ?8
            where number = ?1
            """
        )
        delete = try connection.prepare("delete from queues where number = ?1")
        writeState = try connection.prepare(QueueTable.writeStateSQL)
        deleteState = try connection.prepare("delete from queue_state where number = ?1")
        retire = try connection.prepare("insert into retired_queues (number, retired_at) values (?1, ?2)")
        forget = try connection.prepare("delete from retired_queues where number = ?1")
    }

    /// The statement that each commit runs for each queue that it touches.
    static let writeStateSQL = """
        insert into queue_state
            (number, next_sequence, cursor, message_count, in_flight_count, delayed_count, counted_until, written_at)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        on conflict (number) do update
        set next_sequence = ?2, cursor = ?3, message_count = ?4, in_flight_count = ?5, delayed_count = ?6,
            counted_until = ?7, written_at = ?8
        """

    func insert(_ record: QueueRecord) throws(SQLiteError) {
        insert.bind(1, record.number)
        insert.bind(2, record.name.text)
        insert.bind(3, QueueTable.json(record.attributes))
        insert.bind(4, QueueTable.json(record.tags))
        insert.bind(5, record.createdAt.milliseconds)
        insert.bind(6, record.lastModifiedAt.milliseconds)
        insert.bind(7, record.purgedAt?.milliseconds)
        insert.bind(8, record.formerScope?.scope.rawValue)
        insert.bind(9, record.formerScope?.changedAt.milliseconds)
        try insert.run()
    }

    /// Writes a queue's attributes and tags, and its number if a purge gave it a new one.
    func update(_ record: QueueRecord, formerNumber: Int64) throws(SQLiteError) {
        update.bind(1, formerNumber)
        update.bind(2, record.number)
        update.bind(3, QueueTable.json(record.attributes))
        update.bind(4, QueueTable.json(record.tags))
        update.bind(5, record.lastModifiedAt.milliseconds)
        update.bind(6, record.purgedAt?.milliseconds)
        update.bind(7, record.formerScope?.scope.rawValue)
        update.bind(8, record.formerScope?.changedAt.milliseconds)
        try update.run()
    }

    func delete(number: Int64) throws(SQLiteError) {
        delete.bind(1, number)
        try delete.run()
    }

    func writeState(_ record: QueueRecord, now: Timestamp) throws(SQLiteError) {
        writeState.bind(1, record.number)
        writeState.bind(2, record.nextSequence)
        writeState.bind(3, record.cursor)
        writeState.bind(4, Int64(record.messageCount))
        writeState.bind(5, Int64(record.inFlightCount))
        writeState.bind(6, Int64(record.delayedCount))
        writeState.bind(7, record.countedUntil.milliseconds)
        writeState.bind(8, now.milliseconds)
        try writeState.run()
    }

    /// Puts a number out of use; its messages are for the sweep.
    func retire(number: Int64, now: Timestamp) throws(SQLiteError) {
        deleteState.bind(1, number)
        try deleteState.run()
        retire.bind(1, number)
        retire.bind(2, now.milliseconds)
        try retire.run()
    }

    /// Forgets a number that has no messages any more.
    func forget(number: Int64) throws(SQLiteError) {
        forget.bind(1, number)
        try forget.run()
    }

    func all() throws(SQLiteError) -> [QueueRecord] {
        // A queue without its state, or the other way round, is a row that is gone, with all messages of the queue.
        let lost = "select number from queue_state where number not in (select number from queues) limit 1"
        if let number = try connection.integer(lost) {
            throw .corrupt("the state of queue number \(number) has no queue")
        }
        let rows = try connection.prepare(
            """
            select q.number, q.name, q.attributes, q.created_at, q.last_modified_at,
                s.next_sequence, s.cursor, s.message_count, s.in_flight_count, s.delayed_count, s.counted_until,
                q.tags, q.purged_at, q.former_scope, q.scope_changed_at
            from queues q left join queue_state s on s.number = q.number
            order by q.number
            """
        )
        var records: [QueueRecord] = []
        while try rows.step() {
            guard let name = QueueName(rows.text(1)),
                let attributes = QueueTable.attributes(rows.text(2), isFifo: name.isFifo),
                let tags = QueueTable.tags(rows.text(11))
            else {
                throw .corrupt("the stored queue number \(rows.integer(0)) can't be read")
            }
            guard rows.optionalInteger(5) != nil else { throw .corrupt("queue \(name.text) has no state") }
            let record = QueueRecord(
                name: name,
                number: rows.integer(0),
                attributes: attributes,
                createdAt: Timestamp(milliseconds: rows.integer(3)),
                lastModifiedAt: Timestamp(milliseconds: rows.integer(4)),
                tags: tags
            )
            record.purgedAt = rows.optionalInteger(12).map(Timestamp.init(milliseconds:))
            if let scope = DeduplicationScope(rawValue: rows.text(13)) {
                record.formerScope = (scope, Timestamp(milliseconds: rows.integer(14)))
            }
            record.nextSequence = rows.integer(5)
            record.unreceivedTail = UnreceivedTail(endingAt: record.nextSequence)
            record.cursor = rows.integer(6)
            record.messageCount = Int(rows.integer(7))
            record.inFlightCount = Int(rows.integer(8))
            record.delayedCount = Int(rows.integer(9))
            record.countedUntil = Timestamp(milliseconds: rows.integer(10))
            guard record.isPlausible, record.countedUntil.isPlausible else {
                throw .corrupt("the state of queue \(name.text) can't be: a number, sequence, cursor or count")
            }
            records.append(record)
        }
        return records
    }

    func retiredNumbers() throws(SQLiteError) -> [Int64] {
        let rows = try connection.prepare("select number from retired_queues order by number")
        var numbers: [Int64] = []
        while try rows.step() {
            numbers.append(rows.integer(0))
        }
        return numbers
    }

    /// Whether a stored queue can be read back.
    static func isReadable(name: String, attributes: String, tags: String) -> Bool {
        guard let name = QueueName(name) else { return false }
        return QueueTable.attributes(attributes, isFifo: name.isFifo) != nil && QueueTable.tags(tags) != nil
    }

    private static func json(_ attributes: QueueAttributes) -> String {
        json(Dictionary(uniqueKeysWithValues: attributes.stored.map { ($0.key.rawValue, $0.value) }))
    }

    /// Pairs, for the keys of a JSON object come back from a decoder merged if Unicode calls them equal.
    private static func json(_ tags: QueueTags) -> String {
        json(tags.sorted.map { [$0.key, $0.value] })
    }

    private static func json(_ values: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(values) else { preconditionFailure("text is always JSON") }
        return String(decoding: data, as: UTF8.self)
    }

    private static func attributes(_ json: String, isFifo: Bool) -> QueueAttributes? {
        guard let values = try? JSONDecoder().decode([String: String].self, from: Data(json.utf8)) else { return nil }
        var named: [QueueAttributeName: String] = [:]
        for (name, value) in values {
            guard let name = QueueAttributeName(rawValue: name) else { return nil }
            named[name] = value
        }
        return try? QueueAttributes(stored: named, isFifo: isFifo)
    }

    private static func tags(_ json: String) -> QueueTags? {
        guard let pairs = try? JSONDecoder().decode([[String]].self, from: Data(json.utf8)),
            pairs.allSatisfy({ $0.count == 2 })
        else { return nil }
        return pairs.reduce(into: QueueTags()) { $0[$1[0]] = $1[1] }
    }
}
