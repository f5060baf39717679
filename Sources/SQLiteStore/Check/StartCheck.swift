import QueueModel
import SQLite

/// Whether a start takes the database: what it reads into memory has to be such as it can be.
struct StartCheck {
    private let database: CheckedDatabase

    init(_ database: CheckedDatabase) {
        self.database = database
    }

    func look(_ report: inout CheckReport) throws {
        // Without the key nothing can be looked up; that it is missing is told elsewhere.
        guard let key = try MetaTable(database.connection).storedReceiptKey() else { return }
        do throws(SQLiteError) {
            // Without room, for then it writes nothing.
            _ = try QueueDatabase(
                connection: database.connection,
                receiptKey: key,
                inFlightMessagesMax: Limits.inFlightMessagesMax,
                hasRoom: false
            )
        } catch {
            guard error.isCorrupt else { throw error }
            report.add("start", "no broker starts with it: \(error.message)")
        }
    }
}
