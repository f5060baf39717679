import SQLite

/// SQLite's own checks: pages, cells, free pages, and in full that each index has exactly the rows of its table.
struct StructureCheck {
    private let database: CheckedDatabase

    init(_ database: CheckedDatabase) {
        self.database = database
    }

    func look(_ report: inout CheckReport, isQuick: Bool) throws(SQLiteError) {
        let rows = try database.texts("pragma \(isQuick ? "quick_check" : "integrity_check")(20)")
        while let text = try rows.next() {
            if text != "ok" { report.add("structure", text.replacing("\n", with: "; ")) }
        }
    }
}
