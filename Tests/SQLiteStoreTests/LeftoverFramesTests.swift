import Foundation
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
            insert into rows (body) values (randomblob(100)); insert into rows (body) values (randomblob(100));
            """
        )
        return connection
    }

    private func takeBack(_ connection: Connection, rows: Int) throws {
        try connection.execute("begin immediate")
        for _ in 0..<rows { try connection.execute("insert into rows (body) values (randomblob(400))") }
        try connection.execute("rollback")
    }

    private func eraseLeftovers(_ connection: Connection) throws -> Int {
        let log = try #require(try OpenLog(of: connection))
        let frames = try LeftoverFrames(in: log)
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

    @Test func `whatever stands behind the last commit that SQLite recovers is erased, marks as well`() throws {
        let files = try LogFixture(commits: 9)
        var log = try #require(files.logs.last)
        let commits = files.commitFrames(of: log)
        let last = try #require(commits.last)
        let bad = commits[3] + 1
        log[files.offset(bad) + 100] ^= 1
        try Data(files.database).write(to: URL(fileURLWithPath: path))
        try Data(log).write(to: URL(fileURLWithPath: path + "-wal"))
        let connection = try Connection(path: path)
        defer { try? connection.close() }
        try connection.execute("pragma locking_mode = exclusive")
        #expect(try connection.integer("select value from state") == 16)
        #expect(try eraseLeftovers(connection) == last - bad + 1)
        #expect(presentFrames() == Array(0..<bad))
        #expect(try connection.integer("select value from state") == 16)
    }
}
