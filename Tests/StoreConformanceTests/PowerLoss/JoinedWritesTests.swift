import Foundation
import SQLite
import Testing

/// The writes of the log, which wait for each other and go to the file together.
@Suite struct JoinedWritesTests {
    // In this order they go: the disk waits until all is closed.
    private let connection: Connection
    private let disk: Disk

    /// Characters of a row that fills a page.
    private static let rowLength = 3_000

    init() throws {
        disk = try Disk(seed: 1)
        connection = try JoinedWritesTests.open(disk)
        try connection.execute("create table rows (number integer primary key, body text not null)")
    }

    private static func open(_ disk: Disk, synchronous: String = "full") throws -> Connection {
        let connection = try Connection(path: disk.directory + "/rows.db", vfsName: disk.vfsName)
        try connection.execute(
            """
            pragma locking_mode = exclusive; pragma journal_mode = wal; pragma wal_autocheckpoint = 0;
            pragma synchronous = \(synchronous)
            """
        )
        return connection
    }

    /// Looks at what a disk holds, and closes it whatever comes.
    private func look<Result>(at disk: Disk, _ body: (Connection) throws -> Result) throws -> Result {
        let connection = try JoinedWritesTests.open(disk)
        defer { try? connection.close() }
        return try body(connection)
    }

    /// Writes rows, each of which fills a page.
    private func insert(_ numbers: Range<Int>) throws {
        try connection.execute(
            """
            with recursive numbers(n) as (
                select \(numbers.lowerBound) union all select n + 1 from numbers limit \(numbers.count)
            )
            insert into rows select n, printf('%.*c', \(JoinedWritesTests.rowLength), 'x') from numbers
            """
        )
    }

    private func count(_ connection: Connection) throws -> Int64? {
        #expect(try connection.text("pragma integrity_check") == "ok")
        return try connection.integer("select count(*) from rows")
    }

    @Test func `a commit of many pages is a few writes and one sync`() throws {
        let before = disk.changeCount
        try insert(0..<160)
        let changes = disk.changeCount - before
        #expect((11...14).contains(changes), "\(changes) changes of the disk for 160 pages and more")
        #expect(try count(connection) == 160)
        try connection.close()
    }

    @Test(arguments: 1...12)
    func `a commit that was answered is there after a power cut`(commits: Int) throws {
        for number in 0..<commits {
            try insert(number * 10..<number * 10 + 10)
        }
        let image = try disk.afterPowerCut(seed: UInt64(commits))
        try? connection.close()
        #expect(try look(at: image, count) == Int64(commits * 10))
    }

    @Test(arguments: [false, true])
    func `a commit that is not synced is there after the process has ended`(isSpilled: Bool) throws {
        try connection.execute("pragma synchronous = normal; pragma cache_size = \(isSpilled ? 10 : 1_000)")
        for number in 1...20 {
            try connection.execute("begin")
            try insert(number * 100..<number * 100 + 50)
            // Of pages that were spilled and are spilled again SQLite writes the headers anew at the end.
            try connection.execute("update rows set body = body || 'z' where number % 3 = 0")
            try connection.execute("commit")
        }
        connection.neverCheckpointOnClose()
        // What still waits now never gets to the kernel.
        disk.crash()
        try? connection.close()
        disk.endProcess()
        #expect(try look(at: disk, count) == 1_000)
    }

    @Test(arguments: 1...12)
    func `pages that a commit spills before its end are read back as they were written`(rounds: Int) throws {
        // So few pages that most go to the log, and are looked at and changed there again, before the commit.
        try connection.execute("pragma cache_size = 10")
        for round in 0..<rounds {
            let first = round * 1_000
            try connection.execute("begin")
            try insert(first..<first + 100)
            // The last pages to be spilled go from the cache for those that are looked at here, and come back.
            for order in ["number", "number desc"] {
                let read = "select sum(length(body)) from (select body from rows order by \(order) limit 40)"
                #expect(try connection.integer(read) ?? 0 >= 40 * Int64(JoinedWritesTests.rowLength))
            }
            try connection.execute("savepoint half")
            try insert(first + 200..<first + 300)
            try connection.execute("update rows set body = body || number where number % 3 = 0")
            try connection.execute(round % 2 == 0 ? "rollback to half" : "release half")
            try connection.execute("delete from rows where number % 10 = 9")
            try connection.execute(round % 3 == 0 ? "rollback" : "commit")
        }
        let sum = "select group_concat(number || body) from (select * from rows order by number)"
        let expected = try connection.text(sum)
        let image = try disk.afterPowerCut(seed: UInt64(rounds))
        try? connection.close()
        #expect(try look(at: image) { try $0.text(sum) } == expected)
        #expect(try look(at: image) { try $0.text("pragma integrity_check") } == "ok")
    }

    @Test(arguments: [false, true], 1...12)
    func `a commit that can't be written is told, is taken back, and the next one holds`(
        isSpilled: Bool,
        number: Int
    ) throws {
        try connection.execute("pragma cache_size = \(isSpilled ? 10 : 1_000)")
        disk.fail(DiskFault(kind: FaultKind(operation: .write, isForever: false, isFull: true), number: number))
        var rows: Int64 = 0
        do {
            try insert(0..<100)
            rows = 100
            #expect(disk.failureCount == 0, "the failure was not told")
        } catch let error as SQLiteError {
            #expect(disk.failureCount == 1 && error.isFull, "\(error)")
        }
        disk.endFaults()
        #expect(try count(connection) == rows)
        try insert(100..<150)
        let image = try disk.afterPowerCut(seed: UInt64(number))
        try? connection.close()
        #expect(try look(at: image, count) == rows + 50)
    }

    @Test(arguments: 1...60)
    func `whoever goes on after a failure commits what it has done, or nothing`(number: Int) throws {
        // What was done without an error, where nothing fails.
        let mirror = try Connection(path: ":memory:")
        func both(_ sql: String) throws {
            try connection.execute(sql)
            try mirror.execute(sql)
        }
        try mirror.execute("create table rows (number integer primary key, body text not null)")
        try both("create table others (number integer primary key, body text not null check (length(body) < 5000))")
        try both(
            """
            with recursive numbers(n) as (select 1 union all select n + 1 from numbers limit 200)
            insert into rows select n, printf('%.*c', 3000, 'a') from numbers
            """
        )
        try connection.execute("pragma temp_store = memory; pragma cache_size = 10")
        try both("begin")
        try both("insert into others select number, replace(body, 'a', 'b') from rows limit 60")
        try both("update others set body = body || 'z' where number % 3 = 0")
        disk.fail(DiskFault(kind: FaultKind(operation: .write, isForever: false, isFull: true), number: number))
        for step in 0..<60 where disk.failureCount == 0 {
            let places = [37, 17, 7, 11].map { step * $0 % 60 + 1 }
            try? both(
                """
                update others set body = substr(body, 1, 2990) || \(step) where number in (\(places[0]), \(places[1]))
                """
            )
            guard disk.failureCount == 0 else { break }
            try? both(
                """
                insert into rows select number + \(1_000 + step * 100), body from others
                where number in (\(places[2]), \(places[3]))
                """
            )
        }
        disk.endFaults()
        try mirror.execute(connection.isInTransaction ? "commit" : "rollback")
        if connection.isInTransaction { try connection.execute("commit") }
        let all = "select group_concat(number || body) from (select * from rows union all select * from others)"
        let expected = try mirror.text(all)
        let image = try disk.afterPowerCut(seed: UInt64(number))
        try? connection.close()
        #expect(try look(at: image) { try $0.text("pragma integrity_check") } == "ok")
        #expect(try look(at: image) { try $0.text(all) } == expected)
    }
}
