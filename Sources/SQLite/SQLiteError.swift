internal import CSQLite

/// What SQLite answered instead of success.
public struct SQLiteError: Error, Sendable, CustomStringConvertible {
    /// The extended result code.
    public let extendedCode: Int32

    /// SQLite's own text.
    public let message: String

    /// What was tried: a statement, or the name of a call.
    public let operation: String

    /// The primary result code.
    public var code: Int32 {
        extendedCode & 0xFF
    }

    /// Whether the disk has no room, or the database may not grow.
    ///
    /// The transaction is rolled back, the database is sound. It is so for the log as for the database, at a commit as
    /// at a checkpoint; an exceeded quota is an I/O error.
    public var isFull: Bool {
        code == SQLITE_FULL
    }

    /// Whether somebody else holds the database.
    public var isBusy: Bool {
        code == SQLITE_BUSY || code == SQLITE_LOCKED
    }

    /// Whether reading or writing a file failed.
    public var isInputOutput: Bool {
        code == SQLITE_IOERR
    }

    /// Whether SQLite found the file damaged.
    public var isCorrupt: Bool {
        code == SQLITE_CORRUPT
    }

    /// Whether the tables are not those that the statement was written for.
    public var isStatementWrong: Bool {
        code == SQLITE_ERROR
    }

    /// Whether what the file holds contradicts itself: its structure, its rules, or that it is a database at all.
    public var isDamage: Bool {
        isCorrupt || isNotADatabase || code == SQLITE_CONSTRAINT || code == SQLITE_MISMATCH
    }

    /// Damage that SQLite itself did not find: rows that can't be read, or contradict each other.
    ///
    /// The text says what does; never a body.
    public static func corrupt(_ contradiction: String) -> SQLiteError {
        SQLiteError(extendedCode: SQLITE_CORRUPT, message: contradiction, operation: "a look at what was read")
    }

    /// The system gives no memory; the text says what for.
    public static func noMemory(for purpose: String) -> SQLiteError {
        SQLiteError(extendedCode: SQLITE_NOMEM, message: "out of memory", operation: purpose)
    }

    /// Whether the file is something else than a database.
    public var isNotADatabase: Bool {
        code == SQLITE_NOTADB
    }

    /// The code, the text and what was tried.
    public var description: String {
        "SQLite error \(extendedCode) (\(message)) at: \(operation)"
    }

    private init(extendedCode: Int32, message: String, operation: String) {
        self.extendedCode = extendedCode
        self.message = message
        self.operation = operation
    }

    init(_ extendedCode: Int32, _ handle: OpaquePointer?, operation: String) {
        self.extendedCode = extendedCode
        self.operation = operation
        message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(extendedCode))
    }
}
