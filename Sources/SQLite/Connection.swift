internal import CSQLite

/// A connection to one database file.
///
/// It belongs to one thread at a time, so it takes no locks of its own.
public final class Connection {
    let handle: OpaquePointer
    private(set) var isClosed = false

    /// What SQLite reaches the files through, if not by its own way: it joins the writes of the log.
    private let way: UnsafeMutablePointer<holdfast_joining_vfs>?

    /// Pages in the write-ahead log after the last commit; none after a checkpoint, nor before the first commit but
    /// for what was told by `noteRecovered`.
    public private(set) var walPageCount = 0

    /// The log when a checkpoint had copied all of it last: its header, and how many pages were committed.
    private var copiedLog: (header: [UInt8], pageCount: Int)?

    /// The version of the SQLite library that runs.
    public static var libraryVersion: String {
        String(cString: sqlite3_libversion())
    }

    /// The version of the SQLite library as a number, such as 3040001.
    public static var libraryVersionNumber: Int {
        Int(sqlite3_libversion_number())
    }

    /// Opens a file, which is created if it is missing.
    ///
    /// `vfsName` names what SQLite reaches the file through; nothing for the system's own way.
    public convenience init(path: String, vfsName: String? = nil) throws(SQLiteError) {
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        try self.init(name: path, flags: flags, joinsWrites: true, vfsName: vfsName)
    }

    /// Opens a file only to read it; one that nobody changes meanwhile is read without any lock or file beside it.
    public convenience init(path: String, isImmutable: Bool) throws(SQLiteError) {
        guard isImmutable else {
            try self.init(name: path, flags: SQLITE_OPEN_READWRITE)
            return
        }
        let escaped = path.replacing("%", with: "%25").replacing("?", with: "%3f").replacing("#", with: "%23")
        try self.init(name: "file:\(escaped)?immutable=1", flags: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
    }

    /// SQLite counts the memory that it uses unless told otherwise before its first use, with a lock for each piece;
    /// and each commit would walk through the whole page cache after pages of a tree were put in order.
    private static let isLibraryConfigured =
        [holdfast_count_no_memory(), holdfast_spare_cache_walks()].allSatisfy { $0 == SQLITE_OK }

    /// Sets what counts for the whole library, once; whatever uses SQLite before the first connection has to call it
    /// first.
    ///
    /// - Returns: whether it came in time.
    @discardableResult
    package static func configureLibrary() -> Bool {
        isLibraryConfigured
    }

    /// Memory for the small and short-lived pieces that running statements take and give back, which else come from
    /// malloc: so much that all the statements of a store leave enough of it.
    private static let lookaside: (sizeBytes: Int32, count: Int32) = (1_200, 800)

    private init(
        name: String,
        flags: Int32,
        joinsWrites: Bool = false,
        vfsName: String? = nil
    ) throws(SQLiteError) {
        // Before anything of SQLite is used. It only makes it faster, so no matter whether it succeeds.
        Connection.configureLibrary()
        let way = joinsWrites ? holdfast_joining_vfs_new(vfsName) : nil
        guard !joinsWrites || way != nil else {
            throw SQLiteError(SQLITE_NOMEM, nil, operation: "open through \(vfsName ?? "the system's own way")")
        }
        var opened: OpaquePointer?
        let flags = flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(name, &opened, flags, way?.pointee.base.zName)
        guard code == SQLITE_OK, let opened else {
            let error = SQLiteError(code, opened, operation: "open")
            sqlite3_close_v2(opened)
            way.map(holdfast_joining_vfs_free)
            throw error
        }
        handle = opened
        self.way = way
        _ = holdfast_set_lookaside(opened, Connection.lookaside.sizeBytes, Connection.lookaside.count)
        watchWalPages()
    }

    /// An open that fails half way leaves nothing open.
    deinit {
        try? close()
    }

    /// Closes the file, and with it every statement.
    ///
    /// In WAL mode this checkpoints and removes the log.
    public func close() throws(SQLiteError) {
        guard !isClosed else { return }
        isClosed = true
        while let statement = sqlite3_next_stmt(handle, nil) {
            sqlite3_finalize(statement)
        }
        let code = sqlite3_close(handle)
        // Where it could not be closed, what it reaches its files through has to stay.
        guard code == SQLITE_OK else { throw SQLiteError(code, nil, operation: "close") }
        way.map(holdfast_joining_vfs_free)
    }

    /// Has `close` leave the files as they are.
    ///
    /// For when the disk has failed, and what lies in the write-ahead log is for recovery to read; or when the file is
    /// only looked at, for whoever opens it next.
    public func neverCheckpointOnClose() {
        // It fails only for an option that this library does not know; then closing is as it was.
        _ = holdfast_never_checkpoint_on_close(handle)
    }

    /// Has every commit tell how long the log is.
    ///
    /// To be repeated after `wal_autocheckpoint`, which takes the hook away.
    public func watchWalPages() {
        _ = sqlite3_wal_hook(
            handle,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue().walPageCount = Int(pages)
                return SQLITE_OK
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    /// Tells how many pages of the log recovery has found committed, where they are still to be copied.
    public func noteRecovered(walPageCount: Int) {
        precondition(self.walPageCount == 0, "something was committed before it was told what was recovered")
        self.walPageCount = walPageCount
    }

    /// How many pages of the log are committed, with those that a checkpoint has copied; what lies behind them is no
    /// commit, however it looks.
    public func committedWalPageCount(in log: OpenLog) throws(SQLiteError) -> Int {
        guard walPageCount == 0 else { return walPageCount }
        // With another header it has begun anew since, and nothing was committed.
        guard let copied = copiedLog, try log.header() == copied.header else { return 0 }
        return copied.pageCount
    }

    /// Runs statements that answer nothing, or whose answers don't matter.
    public func execute(_ sql: String) throws(SQLiteError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw SQLiteError(code, handle, operation: sql) }
    }

    /// Prepares a statement that is used many times.
    public func prepare(_ sql: String) throws(SQLiteError) -> Statement {
        try Statement(connection: self, sql: sql)
    }

    /// The first column of the first row as text, or nothing if there is no row.
    public func text(_ sql: String) throws(SQLiteError) -> String? {
        let statement = try prepare(sql)
        guard try statement.step() else { return nil }
        return statement.text(0)
    }

    /// The first column of the first row as a number, or nothing if there is no row.
    public func integer(_ sql: String) throws(SQLiteError) -> Int64? {
        let statement = try prepare(sql)
        guard try statement.step() else { return nil }
        return statement.integer(0)
    }

    /// Rows that the last statement that ran to its end has inserted, changed or deleted.
    public var changedRowCount: Int {
        Int(sqlite3_changes64(handle))
    }

    /// Whether a transaction is open.
    public var isInTransaction: Bool {
        sqlite3_get_autocommit(handle) == 0
    }

    /// How much of the write-ahead log a checkpoint should do.
    public enum CheckpointMode: Sendable {
        /// As much as can be done without waiting; the log's file keeps its size.
        case passive

        /// Everything, and the log's file is cut to nothing.
        case truncate
    }

    /// Has `close` leave the log's file in place with the room that it has, not remove it.
    public func keepLog() throws(SQLiteError) {
        var isKept: Int32 = 1
        let code = sqlite3_file_control(handle, "main", SQLITE_FCNTL_PERSIST_WAL, &isKept)
        guard code == SQLITE_OK else { throw SQLiteError(code, handle, operation: "keepLog") }
    }

    /// Copies the write-ahead log into the database file and syncs both.
    public func checkpoint(_ mode: CheckpointMode) throws(SQLiteError) {
        let flag = mode == .passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE
        let code = sqlite3_wal_checkpoint_v2(handle, nil, flag, nil, nil)
        guard code == SQLITE_OK else { throw SQLiteError(code, handle, operation: "checkpoint") }
        guard walPageCount > 0 else { return }
        let header = try OpenLog(of: self)?.header()
        copiedLog = header.map { ($0, walPageCount) }
        walPageCount = 0
    }
}
