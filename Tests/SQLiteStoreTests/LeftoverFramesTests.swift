import Foundation
import Migrations
import QueueModel
import SQLite
import SQLiteStore
import Testing

/// What becomes of the frames that a transaction has left in the log without its end.
@Suite struct LeftoverFramesTests {
    private let directory = TemporaryDirectory()

    private var path: String { directory.path + "/holdfast.db" }

    init() throws {
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
    }

    /// A database with some commits in its log, and a cache so small that a transaction goes to the log before its end.
    private func open() throws -> Connection {
        let connection = try Connection(path: path)
        try connection.execute(
            """
            pragma locking_mode = exclusive; pragma page_size = 512; pragma journal_mode = wal;
            pragma wal_autocheckpoint = 0; pragma synchronous = full; pragma cache_size = 10;
            create table rows (id integer primary key, body blob);
            """
        )
        connection.watchWalPages()
        for _ in 0..<2 { try connection.execute("insert into rows (body) values (randomblob(100))") }
        return connection
    }

    private func takeBack(_ connection: Connection, rows: Int) throws {
        try connection.execute("begin immediate")
        for _ in 0..<rows { try connection.execute("insert into rows (body) values (randomblob(400))") }
        try connection.execute("rollback")
        // The last frames still wait to be written, and are when somebody looks how long the log is.
        _ = try OpenLog(of: connection)
    }

    private func eraseLeftovers(_ connection: Connection) throws -> Int {
        let log = try #require(try OpenLog(of: connection))
        let frames = try LeftoverFrames(in: log, committedFrameCount: connection.committedWalPageCount(in: log))
        try frames.erase(from: log)
        return frames.offsets.count
    }

    /// The indexes of the frames that bear the present salts.
    private func presentFrames() -> [Int] {
        let log = LogFixture.contents(path + "-wal")
        return (0..<(log.count - LogFixture.headerSize) / 536).filter { index in
            let start = LogFixture.headerSize + index * 536
            return log[start + 8..<start + 16] == log[16..<24]
        }
    }

    /// The page numbers of all frames.
    private func pageNumbers() -> [[UInt8]] {
        let log = LogFixture.contents(path + "-wal")
        return stride(from: LogFixture.headerSize, to: log.count, by: 536).map { Array(log[$0..<$0 + 4]) }
    }

    private func rowCountAfterKill() throws -> Int64? {
        let copy = directory.path + "/copy.db"
        for ending in ["", "-wal"] {
            try? FileManager.default.removeItem(atPath: copy + ending)
            try FileManager.default.copyItem(atPath: path + ending, toPath: copy + ending)
        }
        let connection = try Connection(path: copy)
        defer { try? connection.close() }
        return try connection.integer("select count(*) from rows")
    }

    @Test func `frames of a transaction that was taken back are gone before the next one is written`() throws {
        let connection = try open()
        defer { try? connection.close() }
        let commits = presentFrames().count
        try takeBack(connection, rows: 60)
        #expect(presentFrames().count > commits + 20)
        #expect(try eraseLeftovers(connection) > 20)
        #expect(presentFrames() == Array(0..<commits))
        #expect(try eraseLeftovers(connection) == 0)
        #expect(try rowCountAfterKill() == 2)

        try connection.execute("insert into rows (body) values (randomblob(100))")
        #expect(presentFrames() == Array(0..<presentFrames().count))
        #expect(try rowCountAfterKill() == 3)
        #expect(try connection.integer("select count(*) from rows") == 3)
    }

    @Test func `a transaction that was taken back as the first of a log that begins anew is erased, too`() throws {
        let connection = try open()
        defer { try? connection.close() }
        try connection.checkpoint(.passive)
        try takeBack(connection, rows: 60)
        #expect(try eraseLeftovers(connection) > 20)
        #expect(presentFrames() == [])
        #expect(try rowCountAfterKill() == 2)
        try connection.execute("insert into rows (body) values (randomblob(100))")
        #expect(try rowCountAfterKill() == 3)
    }

    /// On a full disk a start can't empty the log before it migrates.
    @Test func `frames of a transaction that was cut short are gone before a migration is written`() throws {
        let connection = try open()
        defer { try? connection.close() }
        try takeBack(connection, rows: 900)
        let leftovers = presentFrames().count
        let migrator = Migrator(connection: connection, path: path, migrations: Migration.all)
        #expect(try migrator.run(now: Timestamp(milliseconds: 0)) == Migration.all.map(\.name))
        #expect(presentFrames() == Array(0..<connection.walPageCount))
        #expect(connection.walPageCount < leftovers)
        #expect(try rowCountAfterKill() == 2)
    }

    @Test func `a transaction that SQLite was told has failed is erased though all of it is there`() throws {
        let connection = try open()
        defer { try? connection.close() }
        let commits = connection.walPageCount
        try connection.execute("begin immediate")
        for _ in 0..<20 { try connection.execute("insert into rows (body) values (randomblob(400))") }
        try connection.execute("commit")
        #expect(presentFrames().count > commits + 20)
        let log = try #require(try OpenLog(of: connection))
        let frames = try LeftoverFrames(in: log, committedFrameCount: commits)
        #expect(frames.offsets.count == presentFrames().count - commits)
        let pages = pageNumbers()
        try frames.erase(from: log)
        #expect(presentFrames() == Array(0..<commits))
        // A page number that is erased in part only could be that of another frame.
        #expect(pageNumbers() == pages)
        #expect(try rowCountAfterKill() == 2)
    }

    @Test func `a whole transaction that has failed as the first of a log that begins anew is erased, too`() throws {
        let connection = try open()
        defer { try? connection.close() }
        for _ in 0..<20 { try connection.execute("insert into rows (body) values (randomblob(400))") }
        try connection.checkpoint(.passive)
        // While nothing of the new log is written, all of the former one is committed.
        #expect(try eraseLeftovers(connection) == 0)
        try connection.execute("insert into rows (body) values (randomblob(400))")
        let log = try #require(try OpenLog(of: connection))
        let frames = try LeftoverFrames(in: log, committedFrameCount: 0)
        #expect(frames.offsets.count == connection.walPageCount)
        try frames.erase(from: log)
        #expect(presentFrames() == [])
        #expect(try rowCountAfterKill() == 22)
    }

    @Test func `what SQLite has recovered is not taken for leftovers where nobody told how much that was`() throws {
        let first = try open()
        for _ in 0..<5 { try first.execute("insert into rows (body) values (randomblob(100))") }
        let copy = directory.path + "/copy.db"
        for ending in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: path + ending, toPath: copy + ending)
        }
        let connection = try Connection(path: copy)
        defer { try? connection.close() }
        try connection.execute("pragma locking_mode = exclusive")
        #expect(try connection.integer("select count(*) from rows") == 7)
        #expect(throws: SQLiteError.self) { try eraseLeftovers(connection) }
        try connection.noteRecovered(walPageCount: WriteAheadLog(databasePath: copy).inspect().committedFrameCount)
        #expect(try eraseLeftovers(connection) == 0)
    }

    @Test func `commits, and the frames of a former generation behind them, are left as they are`() throws {
        let connection = try open()
        defer { try? connection.close() }
        #expect(try eraseLeftovers(connection) == 0)
        for _ in 0..<20 { try connection.execute("insert into rows (body) values (randomblob(400))") }
        try connection.checkpoint(.passive)
        let before = LogFixture.contents(path + "-wal")
        #expect(try eraseLeftovers(connection) == 0)
        try connection.execute("insert into rows (body) values (randomblob(100))")
        #expect(try eraseLeftovers(connection) == 0)
        #expect(LogFixture.contents(path + "-wal").suffix(5_000) == before.suffix(5_000))
        #expect(try rowCountAfterKill() == 23)
    }

    @Test func `commits behind damage are not erased, though SQLite would drop them`() throws {
        let connection = try open()
        defer { try? connection.close() }
        for _ in 0..<5 { try connection.execute("insert into rows (body) values (randomblob(100))") }
        let commits = presentFrames()
        try takeBack(connection, rows: 60)
        for frame in [0, commits.count - 1] {
            for byte in [8, 16, 100] {
                try flip(byte: byte, ofFrame: frame)
                let before = LogFixture.contents(path + "-wal")
                #expect(throws: SQLiteError.self, "byte \(byte) of frame \(frame)") { try eraseLeftovers(connection) }
                #expect(LogFixture.contents(path + "-wal") == before)
                try flip(byte: byte, ofFrame: frame)
            }
        }
        #expect(try eraseLeftovers(connection) > 20)
        // Now nothing but what SQLite itself knows tells that the last commit is there no more.
        try flip(byte: 100, ofFrame: commits.count - 1)
        #expect(throws: SQLiteError.self) { try eraseLeftovers(connection) }
        try flip(byte: 100, ofFrame: commits.count - 1)
        #expect(try eraseLeftovers(connection) == 0)
        #expect(presentFrames() == commits)
        #expect(try rowCountAfterKill() == 7)
    }

    /// If they were, a crash would lay the pages in front of the damage over newer ones.
    @Test func `commits behind damage are not erased though they are in the database`() throws {
        let connection = try open()
        defer { try? connection.close() }
        for _ in 0..<5 { try connection.execute("insert into rows (body) values (randomblob(100))") }
        try connection.checkpoint(.passive)
        #expect(connection.walPageCount == 0)
        try flip(byte: 100, ofFrame: 2)
        let before = LogFixture.contents(path + "-wal")
        #expect(throws: SQLiteError.self) { try eraseLeftovers(connection) }
        #expect(LogFixture.contents(path + "-wal") == before)
    }

    private func flip(byte: Int, ofFrame frame: Int) throws {
        let offset = UInt64(LogFixture.headerSize + frame * 536 + byte)
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path + "-wal"))
        defer { try? file.close() }
        try file.seek(toOffset: offset)
        let old = try #require(try file.read(upToCount: 1)?.first)
        try file.seek(toOffset: offset)
        try file.write(contentsOf: [old ^ 0x10])
    }

    @Test func `what a power cut left of the last transaction is erased, its mark as well`() throws {
        let files = try LogFixture(commits: 9)
        var log = try #require(files.logs.last)
        let commits = files.commitFrames(of: log)
        let (bad, last) = (commits[7] + 1, commits[8])
        try #require(last > bad)
        log[files.offset(bad) + 100] ^= 1
        try Data(files.database).write(to: URL(fileURLWithPath: path))
        try Data(log).write(to: URL(fileURLWithPath: path + "-wal"))
        let connection = try Connection(path: path)
        defer { try? connection.close() }
        try connection.execute("pragma locking_mode = exclusive")
        #expect(try connection.integer("select value from state") == 20)
        connection.noteRecovered(walPageCount: bad)
        #expect(try eraseLeftovers(connection) == last - bad + 1)
        #expect(presentFrames() == Array(0..<bad))
        #expect(try connection.integer("select value from state") == 20)
    }

    @Test func `a power cut in the transaction behind erased frames looks like no damage`() throws {
        let connection = try open()
        defer { try? connection.close() }
        try connection.execute("create table early (id integer primary key, body)")
        try connection.execute("create table late (id integer primary key, body)")
        try connection.execute("insert into early values (1, 0); insert into late values (1, 0)")
        let commits = presentFrames().count
        try connection.execute("begin immediate; update late set body = 1")
        for _ in 0..<60 { try connection.execute("insert into late (body) values (randomblob(400))") }
        try connection.execute("rollback")
        #expect(try eraseLeftovers(connection) > 20)
        let erased = LogFixture.contents(path + "-wal")
        try connection.execute("begin immediate; update early set body = 2; update late set body = 2")
        for _ in 0..<6 { try connection.execute("insert into late (body) values (randomblob(400))") }
        try connection.execute("commit")
        // Of the frames of this transaction the disk has all but the first.
        var log = LogFixture.contents(path + "-wal")
        let start = LogFixture.headerSize + commits * 536
        log.replaceSubrange(start..<start + 536, with: erased[start..<start + 536])
        let copy = directory.path + "/cut.db"
        try Data(LogFixture.contents(path)).write(to: URL(fileURLWithPath: copy))
        try Data(log).write(to: URL(fileURLWithPath: copy + "-wal"))
        let findings = try WriteAheadLog(databasePath: copy).inspect()
        #expect(findings.damage == nil)
        #expect(findings.committedFrameCount == commits)
    }
}
