import QueueModel
import SQLite

/// Whether each message's body and attributes still match the digest that was stored with them.
struct DigestCheck {
    private static let messagesBetweenReports = 10_000

    private let database: CheckedDatabase

    init(_ database: CheckedDatabase) {
        self.database = database
    }

    func look(_ report: inout CheckReport, onProgress: (String) -> Void) throws(SQLiteError) {
        let messages = try MessageTable(database.connection)
        let keys = try database.connection.prepare("select key from messages order by key")
        var (count, damaged, sizeBytes) = (0, 0, 0)
        while try keys.step() {
            if count.isMultiple(of: DigestCheck.messagesBetweenReports) {
                onProgress("the digests of bodies, \(count) of \(report.messageCount)")
            }
            count += 1
            let key = MessageKey(rawValue: keys.integer(0))
            guard let row = try messages.find(key) else { continue }
            sizeBytes += row.sizeBytes
            guard row.content.verifiedMD5OfBody() == nil else { continue }
            damaged += 1
            if damaged <= CheckReport.findingsMaxPerKind {
                report.add("messages", "message \(key.rawValue) does not match its digest")
            }
        }
        if damaged > CheckReport.findingsMaxPerKind {
            report.add("messages", "and \(damaged - CheckReport.findingsMaxPerKind) more of these")
        }
        report.contentSizeBytes = sizeBytes
    }
}
