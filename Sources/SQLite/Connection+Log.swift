internal import CSQLite

extension Connection {
    /// Writes the write-ahead log once more as it reads, and syncs it.
    ///
    /// A process that died before its sync was done leaves commits that are in the kernel's cache only, and after a
    /// failed sync Linux takes pages for written that never were. Recovery can't tell; a power cut would, after the
    /// commits have been shown and built upon. Only what is written anew is sure to be synced.
    public func rewriteLog() throws(SQLiteError) {
        var log: UnsafeMutablePointer<sqlite3_file>?
        let code = sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log)
        guard code == SQLITE_OK else { throw SQLiteError(code, handle, operation: "find the log") }
        // Without a log there is nothing to be made durable.
        guard let log, let methods = log.pointee.pMethods?.pointee else { return }
        var sizeBytes: sqlite3_int64 = 0
        try check(methods.xFileSize(log, &sizeBytes), "measure the log")
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: Connection.rewriteSizeBytes, alignment: 16)
        defer { buffer.deallocate() }
        var offset: sqlite3_int64 = 0
        while offset < sizeBytes {
            let count = Int32(min(sizeBytes - offset, sqlite3_int64(Connection.rewriteSizeBytes)))
            try check(methods.xRead(log, buffer, count, offset), "read the log")
            try check(methods.xWrite(log, buffer, count, offset), "write the log again")
            offset += sqlite3_int64(count)
        }
        try check(methods.xSync(log, SQLITE_SYNC_FULL), "sync the log")
    }

    /// Bytes that are read and written in one go: SQLite's unix VFS takes less than 128 KiB at a time, and writes nothing
    /// of a whole multiple of that, which it then calls a full disk.
    private static let rewriteSizeBytes = 65_536

    private func check(_ code: Int32, _ operation: String) throws(SQLiteError) {
        guard code == SQLITE_OK else { throw SQLiteError(code, nil, operation: operation) }
    }
}
