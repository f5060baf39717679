import QueueModel
import SQLite

/// Whether the messages of FIFO queues are listed in their groups, and no others.
struct GroupIndexCheck {
    private let database: CheckedDatabase

    init(_ database: CheckedDatabase) {
        self.database = database
    }

    func look(_ report: inout CheckReport) throws(SQLiteError) {
        // Without the key nothing can be looked up; that it is missing is told elsewhere.
        guard let key = try MetaTable(database.connection).storedReceiptKey() else { return }
        let hasher = GroupHasher(secret: key)
        let changes = try changes(hasher, &report)
        try lookForMessages(changes, hasher, &report)
        try lookForListed(changes, hasher, &report)
    }

    /// What the rows of changes tell of each message last.
    private func changes(
        _ hasher: GroupHasher,
        _ report: inout CheckReport
    ) throws(SQLiteError) -> [MessageKey: GroupChange] {
        let rows = try database.connection.prepare("select number, changes from group_changes order by number")
        var last: [MessageKey: GroupChange] = [:]
        var expected: Int64?
        while try rows.step() {
            let number = rows.integer(0)
            if number < 1 || number != expected ?? number {
                report.add("groups", "row \(number) of the group changes does not follow the one in front of it")
            }
            expected = number < .max ? number + 1 : nil
            guard let changes = rows.withBytes(1, { GroupChangeRow.changes(number: number, $0, hasher) }) else {
                report.add("groups", "row \(number) of the group changes can't be read")
                continue
            }
            for change in changes { last[change.key] = change }
        }
        return last
    }

    private func lookForMessages(
        _ changes: [MessageKey: GroupChange],
        _ hasher: GroupHasher,
        _ report: inout CheckReport
    ) throws(SQLiteError) {
        let rows = try database.connection.prepare(
            """
            select m.key, m.group_id, q.name from queues q
            join messages m on m.key between q.number << 40 and (q.number << 40) + (1 << 40) - 1
            where substr(q.name, -5) = '.fifo' and m.group_id is not null
            """
        )
        let listed = try database.connection.prepare(
            "select 1 from group_messages where queue = ?1 and group_hash = ?2 and sequence = ?3"
        )
        try report.add("groups") { () throws(SQLiteError) in
            while try rows.step() {
                let key = MessageKey(rawValue: rows.integer(0))
                let hash = hasher.hash(number: key.number, group: rows.text(1))
                let isListed: Bool
                if let change = changes[key] {
                    isListed = !change.isRemoval && change.hash == hash
                } else {
                    defer { listed.reset() }
                    GroupMessageTable.bind(listed, hash, key)
                    isListed = try listed.step()
                }
                if !isListed { return "message \(key.rawValue) of queue \(rows.text(2)) is not listed in its group" }
            }
            return nil
        }
    }

    private func lookForListed(
        _ changes: [MessageKey: GroupChange],
        _ hasher: GroupHasher,
        _ report: inout CheckReport
    ) throws(SQLiteError) {
        let rows = try database.connection.prepare(
            """
            select g.queue, g.sequence, g.group_hash, m.group_id, r.number
            from group_messages g left join messages m on m.key = (g.queue << 40) + g.sequence
            left join retired_queues r on r.number = g.queue
            """
        )
        try report.add("groups") { () throws(SQLiteError) in
            while try rows.step() {
                guard rows.isNull(4) else { continue }
                let (number, sequence) = (rows.integer(0), rows.integer(1))
                let isPossible =
                    (1...MessageKey.numberMax).contains(number)
                    && (1...MessageKey.last(of: 0).sequence).contains(sequence)
                guard isPossible else {
                    return "a message group lists message \(sequence) of queue number \(number)"
                }
                let key = MessageKey(number: number, sequence: sequence)
                if let change = changes[key], change.isRemoval { continue }
                let hash = rows.optionalText(3).map { hasher.hash(number: number, group: $0) }
                guard let hash, rows.integer(2) == hash.integer else {
                    return "message \(key.rawValue) is listed in a group that it is not of"
                }
            }
            return nil
        }
    }
}
