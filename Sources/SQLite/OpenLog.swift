internal import CSQLite

/// The file of the write-ahead log as a connection has it open: what is read and written here goes the same way as
/// what SQLite reads and writes itself.
///
/// It belongs to the connection's thread, and is good as long as the connection is open.
public struct OpenLog {
    private let file: UnsafeMutablePointer<sqlite3_file>
    private let methods: sqlite3_io_methods

    /// How long the file is.
    public let sizeBytes: Int

    /// The log of a database that is open in WAL mode; nothing if its file is not open.
    ///
    /// In another mode it is the rollback journal, which has no header of a log.
    public init?(of connection: Connection) throws(SQLiteError) {
        var pointer: UnsafeMutablePointer<sqlite3_file>?
        let code = sqlite3_file_control(connection.handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &pointer)
        guard code == SQLITE_OK else { throw SQLiteError(code, connection.handle, operation: "open log") }
        // A file without methods is not open.
        guard let pointer, let methods = pointer.pointee.pMethods?.pointee else { return nil }
        var size: Int64 = 0
        try OpenLog.check(methods.xFileSize(pointer, &size), "size of log")
        file = pointer
        self.methods = methods
        sizeBytes = Int(size)
    }

    /// The bytes of its header, which are others whenever it begins anew; nothing if it is empty.
    func header() throws(SQLiteError) -> [UInt8]? {
        let header = UnsafeMutableRawBufferPointer.allocate(byteCount: 32, alignment: 8)
        defer { header.deallocate() }
        return try read(into: header, at: 0) == header.count ? Array(header) : nil
    }

    /// Fills a buffer from an offset on.
    ///
    /// - Returns: how much there was.
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(SQLiteError) -> Int {
        let count = min(buffer.count, sizeBytes - offset)
        guard count > 0 else { return 0 }
        try OpenLog.check(methods.xRead(file, buffer.baseAddress, Int32(count), Int64(offset)), "read log")
        return count
    }

    /// Writes zeros over a range of the file.
    ///
    /// Only for what lies behind the last commit, which SQLite writes over and never reads.
    public func erase(_ range: Range<Int>) throws(SQLiteError) {
        let zeros = [UInt8](repeating: 0, count: range.count)
        try OpenLog.check(methods.xWrite(file, zeros, Int32(range.count), Int64(range.lowerBound)), "erase in log")
    }

    /// Waits until the disk has what was written.
    public func sync() throws(SQLiteError) {
        try OpenLog.check(methods.xSync(file, SQLITE_SYNC_NORMAL), "sync log")
    }

    private static func check(_ code: Int32, _ operation: String) throws(SQLiteError) {
        guard code == SQLITE_OK else { throw SQLiteError(code, nil, operation: operation) }
    }
}
