internal import CSQLite

/// A prepared statement: bind, step, read, reset.
///
/// Parameters count from 1, columns from 0.
public final class Statement {
    private let handle: OpaquePointer
    private let connection: Connection

    init(connection: Connection, sql: String) throws(SQLiteError) {
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v3(connection.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared else {
            throw SQLiteError(code, connection.handle, operation: sql)
        }
        handle = prepared
        self.connection = connection
    }

    deinit {
        if !connection.isClosed {
            sqlite3_finalize(handle)
        }
    }

    /// The text of the statement.
    public var sql: String {
        String(cString: sqlite3_sql(handle))
    }

    /// Binds a whole number.
    public func bind(_ index: Int32, _ value: Int64) {
        check(sqlite3_bind_int64(handle, index, value))
    }

    /// Binds a whole number or null.
    public func bind(_ index: Int32, _ value: Int64?) {
        if let value {
            bind(index, value)
        } else {
            check(sqlite3_bind_null(handle, index))
        }
    }

    /// Binds text or null.
    public func bind(_ index: Int32, _ value: String?) {
        guard var value else {
            check(sqlite3_bind_null(handle, index))
            return
        }
        value.withUTF8 { bytes in
            let start = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
            check(sqlite3_bind_text(handle, index, start, Int32(bytes.count), copying))
        }
    }

    /// Binds bytes, which are copied.
    public func bind(_ index: Int32, copying bytes: UnsafeRawBufferPointer) {
        // A null pointer would bind null instead of nothing.
        if bytes.isEmpty {
            check(sqlite3_bind_zeroblob(handle, index, 0))
        } else {
            check(sqlite3_bind_blob64(handle, index, bytes.baseAddress, UInt64(bytes.count), copying))
        }
    }

    /// Binds bytes that must stay where they are until the statement is reset.
    public func bind(_ index: Int32, borrowing bytes: UnsafeRawBufferPointer) {
        if bytes.isEmpty {
            check(sqlite3_bind_zeroblob(handle, index, 0))
        } else {
            check(sqlite3_bind_blob64(handle, index, bytes.baseAddress, UInt64(bytes.count), nil))
        }
    }

    /// Goes to the next row; false after the last one.
    public func step() throws(SQLiteError) -> Bool {
        let code = sqlite3_step(handle)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            let error = SQLiteError(code, connection.handle, operation: sql)
            sqlite3_reset(handle)
            throw error
        }
    }

    /// Runs a statement that answers no rows, and resets it.
    public func run() throws(SQLiteError) {
        _ = try step()
        reset()
    }

    /// Makes the statement ready to run again; its bindings stay.
    public func reset() {
        // A failure here repeats the one that step() has told already.
        sqlite3_reset(handle)
    }

    /// Whether a column is null.
    public func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    /// A column as a whole number; 0 for null.
    public func integer(_ column: Int32) -> Int64 {
        sqlite3_column_int64(handle, column)
    }

    /// A column as a whole number or nothing.
    public func optionalInteger(_ column: Int32) -> Int64? {
        isNull(column) ? nil : integer(column)
    }

    /// A column as text; empty for null.
    public func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(handle, column) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// A column as text or nothing.
    public func optionalText(_ column: Int32) -> String? {
        isNull(column) ? nil : text(column)
    }

    /// Lends the bytes of a column; empty for null.
    public func withBytes<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let start = sqlite3_column_blob(handle, column)
        let count = Int(sqlite3_column_bytes(handle, column))
        return body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }

    /// A copy of a column's bytes; empty for null.
    public func bytes(_ column: Int32) -> [UInt8] {
        withBytes(column) { Array($0) }
    }

    /// A bind fails only for a wrong index, a statement that is not reset, or without memory.
    private func check(_ code: Int32) {
        precondition(code == SQLITE_OK, "binding failed with \(code): \(sql)")
    }
}

/// SQLITE_TRANSIENT, a macro that Swift can't import: SQLite makes its own copy.
private var copying: sqlite3_destructor_type {
    unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
