import QueueModel
import SQLite

/// The messages whose body or attributes do not match their digest; hardly ever any.
struct ParkedMessageTable {
    private let insert: Statement
    private let deleteRange: Statement
    private let all: Statement

    init(_ connection: Connection) throws(SQLiteError) {
        insert = try connection.prepare(
            """
            insert into parked_messages
                (key, parked_at, message_id, sent_at, sender_id, digest, body, attributes, trace_header, group_id,
                deduplication_id, dead_letter_source)
            select key, ?2, message_id, sent_at, sender_id, digest, body, attributes, trace_header, group_id,
                deduplication_id, dead_letter_source
            from messages where key = ?1
            """
        )
        deleteRange = try connection.prepare("delete from parked_messages where key between ?1 and ?2")
        all = try connection.prepare("select key, sent_at from parked_messages order by key")
    }

    /// Copies a message here.
    func insert(_ key: MessageKey, now: Timestamp) throws(SQLiteError) {
        insert.bind(1, key.rawValue)
        insert.bind(2, now.milliseconds)
        try insert.run()
    }

    func delete(from first: MessageKey, through last: MessageKey) throws(SQLiteError) {
        deleteRange.bind(1, first.rawValue)
        deleteRange.bind(2, last.rawValue)
        try deleteRange.run()
    }

    /// All of them with the moments at which they were sent.
    func keys() throws(SQLiteError) -> [MessageKey: Timestamp] {
        defer { all.reset() }
        var keys: [MessageKey: Timestamp] = [:]
        while try all.step() {
            keys[MessageKey(rawValue: all.integer(0))] = Timestamp(milliseconds: all.integer(1))
        }
        return keys
    }
}
