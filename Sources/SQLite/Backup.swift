internal import CSQLite

/// A copy of one database into another, made a few pages at a time.
///
/// What the source's own connection commits between two steps goes into the copy with the commit; a commit of any
/// other connection would make the copy begin anew. Both connections belong to the thread that makes a step.
public final class Backup {
    private let source: Connection
    private let destination: Connection
    private var handle: OpaquePointer?

    /// Begins to copy over whatever the destination holds.
    ///
    /// Neither connection may be closed before the copy has ended.
    public init(from source: Connection, to destination: Connection) throws(SQLiteError) {
        self.source = source
        self.destination = destination
        handle = sqlite3_backup_init(destination.handle, "main", source.handle, "main")
        guard handle != nil else {
            throw SQLiteError(sqlite3_extended_errcode(destination.handle), destination.handle, operation: "backup")
        }
    }

    deinit {
        end()
    }

    /// Copies so many pages, outside of a transaction of the source.
    ///
    /// After an error the copy is of no use. An error of the destination does not disturb the source.
    ///
    /// - Returns: whether the copy is whole; it is then what the source held at this moment.
    public func step(pages: Int) throws(SQLiteError) -> Bool {
        let code = sqlite3_backup_step(handle, Int32(clamping: pages))
        switch code {
        case SQLITE_OK: return false
        case SQLITE_DONE: return true
        default: throw SQLiteError(code, nil, operation: "backup")
        }
    }

    /// Pages of the source as of the last step.
    public var pageCount: Int {
        Int(sqlite3_backup_pagecount(handle))
    }

    /// Pages that were not copied yet as of the last step.
    public var remainingPageCount: Int {
        Int(sqlite3_backup_remaining(handle))
    }

    /// Ends the copy and lets go of both connections; a copy that is not whole is undone.
    public func end() {
        guard let ending = handle else { return }
        handle = nil
        // What it answers is what the last step has answered.
        sqlite3_backup_finish(ending)
    }
}
