import SQLite

/// A database that a check has open, with settings that have it look closely.
struct CheckedDatabase {
    let path: String
    let connection: Connection

    /// Whether SQLite takes the file for a database at all.
    let isReadable: Bool

    /// Looks at a database that is open already.
    init(path: String, _ connection: Connection) {
        self.path = path
        self.connection = connection
        isReadable = true
    }

    init?(path: String, isImmutable: Bool) {
        guard let connection = try? Connection(path: path, isImmutable: isImmutable) else { return nil }
        self.path = path
        self.connection = connection
        // Exclusive before the first look at the file: so no shared memory is made beside it.
        let settings = "pragma locking_mode = exclusive; pragma cell_size_check = on; pragma mmap_size = 0;"
        isReadable =
            (try? connection.execute(settings)) != nil
            && (try? connection.integer("select count(*) from sqlite_schema")) != nil
    }

    /// Closes the file; what is in its log goes into it.
    func close() {
        try? connection.close()
    }

    /// The text in the first column of each row.
    func texts(_ sql: String) throws(SQLiteError) -> Rows {
        Rows(statement: try connection.prepare(sql))
    }

    /// Rows that are read one by one.
    struct Rows {
        let statement: Statement

        func next() throws(SQLiteError) -> String? {
            try statement.step() ? statement.text(0) : nil
        }
    }
}
