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
        let meta = try MetaTable(database.connection)
        do throws(SQLiteError) {
            try meta.checkReceiptKey()
        } catch {
            guard error.isCorrupt else { throw error }
            report.add("queues", error.message)
        }
    }
}
