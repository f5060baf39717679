import QueueModel
import SQLite

/// Whether names, attributes and tags of the queues can be read, without which no broker starts.
struct QueueRowCheck {
    private let database: CheckedDatabase

    init(_ database: CheckedDatabase) {
        self.database = database
    }

    func look(_ report: inout CheckReport) throws(SQLiteError) {
        let rows = try database.connection.prepare("select number, name, attributes, tags from queues order by number")
        while try rows.step() {
            let isReadable = QueueTable.isReadable(name: rows.text(1), attributes: rows.text(2), tags: rows.text(3))
            if !isReadable {
                report.add(
                    "queues",
                    "queue number \(rows.integer(0)) has a name, attributes or tags that can't be read"
                )
            }
        }
        if try MetaTable(database.connection).storedReceiptKey() == nil {
            report.add("queues", "the key that makes receipt handles is missing, or not the one that was drawn")
        }
    }
}
