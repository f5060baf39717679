import SQLite

/// How the database file is opened.
enum DatabaseSettings {
    /// "Hold", the application id by which `file` and SQLite's tools know a Holdfast database.
    static let applicationId: Int64 = 0x486f_6c64

    /// The page size of a new database.
    static let pageSize = 4_096

    /// Pages of the write-ahead log past which it is copied into the database while room is short, so that the log
    /// itself takes little of it.
    static let checkpointPagesWhenShort = 256

    /// Free pages that the file always keeps for the next messages: 16 MiB.
    static let freePagesKept = 4_096

    /// Pages that one step of a sweep gives back at most.
    static let freePagesGivenBack: Int64 = 500

    /// The same while room is short, since what has to be moved for it goes through the log.
    static let freePagesGivenBackWhenShort: Int64 = 256

    /// The same when a write has found no room.
    static let freePagesGivenBackWhenFull: Int64 = 64

    /// Free pages up to which a sweep goes on to give them back until few are left, 4 GiB; of more of them it gives
    /// some back each time that it runs.
    static let freePagesGivenBackAtOnce: Int64 = 1_048_576

    /// Pages that are cut off before the log is copied into the database, with which the file system frees them.
    static let pagesCutPerCheckpoint: Int64 = 2_048

    /// Pages that one step gives back while there is room, of so many that are free.
    ///
    /// SQLite looks for each page in the list of free ones, some 2 ns for each that is in it: with the pages of a
    /// million messages a step of 500 took 90 ms.
    static func freePagesGivenBack(of free: Int64) -> Int64 {
        min(freePagesGivenBack, max(1, 2_000_000 / max(free, 1)))
    }

    /// Keeps other processes out.
    ///
    /// To be done before the first look at the file, so that no shared memory is ever made, for which a full disk has
    /// no room.
    static func takeForOneself(_ connection: Connection) throws(SQLiteError) {
        try connection.execute("pragma locking_mode = exclusive")
    }

    /// Applies the settings and checks those that everything else rests on.
    static func apply(to connection: Connection, path: String, isEachCommitSynced: Bool = true) throws {
        // These two are for a new file only; of an old one they would be written again, for which there may be no room.
        if try connection.integer("pragma page_count") == 0 {
            try connection.execute("pragma page_size = \(pageSize)")
            try connection.execute("pragma auto_vacuum = incremental")
        }
        let mode = try connection.text("pragma journal_mode = wal")
        guard mode == "wal" else { throw SQLiteStoreError.notInWALMode(path, mode: mode ?? "none") }
        try connection.execute(
            """
            pragma synchronous = \(isEachCommitSynced ? "full" : "normal");
            pragma wal_autocheckpoint = 0;
            pragma secure_delete = off;
            pragma mmap_size = 0;
            pragma temp_store = memory;
            pragma trusted_schema = off;
            pragma cell_size_check = on;
            pragma cache_size = -65536;
            """
        )
        // wal_autocheckpoint installs a hook of its own, in the place of the one that counts pages.
        connection.watchWalPages()
        let synchronous = try connection.integer("pragma synchronous")
        let expected: Int64 = isEachCommitSynced ? 2 : 1
        precondition(synchronous == expected, "commits are not synced: synchronous is \(synchronous ?? -1)")
    }
}
