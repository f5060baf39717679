import SQLite

/// Whether receives with a ReceiveRequestAttemptId can be repeated.
///
/// A broker refuses those whose row it can't read, and forgets them after five minutes: no reason not to start.
struct ReceiveAttemptCheck {
    private let database: CheckedDatabase

    init(_ database: CheckedDatabase) {
        self.database = database
    }

    func look(_ report: inout CheckReport) throws(SQLiteError) {
        let rows = try database.connection.prepare("select queue, receipts from receive_attempts")
        try report.add("attempts") { () throws(SQLiteError) in
            while try rows.step() {
                guard ReceiveAttemptTable.receipts(rows.text(1)) == nil else { continue }
                return "a receive attempt of queue number \(rows.integer(0)) can't be read"
            }
            return nil
        }
    }
}
