import Foundation
import SQLite
import Testing

/// SQLite's page cache, which is told what it need not look for.
@Suite struct PageCacheTests {
    @Test func `the page cache is set before SQLite is used`() {
        #expect(Connection.configureLibrary())
    }

    @Test func `what a connection reads after its file has shrunk is what the file holds`() throws {
        let directory = TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
        let path = directory.path + "/pages.db"
        let connection = try Connection(path: path)
        try connection.execute(
            """
            pragma auto_vacuum = incremental; pragma journal_mode = wal; pragma cache_size = 20;
            create table rows (number integer primary key, body text, hash text unique);
            """
        )
        func insert(_ count: Int, from first: Int) throws {
            try connection.execute(
                """
                with recursive numbers(n) as (select \(first) union all select n + 1 from numbers limit \(count))
                insert into rows select n, printf('%.*c', 300 + n % 900, 'x') || n, hex(n * 7919 % 10007) || n
                from numbers;
                """
            )
        }
        func expectAsOnDisk() throws {
            let sum = "select group_concat(number || body || hash) from (select * from rows order by hash)"
            let other = try Connection(path: path)
            #expect(try connection.text(sum) == other.text(sum))
            #expect(try connection.text("pragma integrity_check") == "ok")
            try other.close()
        }
        for round in 0..<10 {
            let first = round * 10_000
            try insert(1_000, from: first)
            try connection.execute("begin")
            try insert(2_000, from: first + 2_000)
            try connection.execute("rollback")
            try insert(100, from: first + 4_000)
            try expectAsOnDisk()
            try connection.execute("delete from rows where number % 10 < 7; pragma incremental_vacuum")
            try insert(50, from: first + 5_000)
            try expectAsOnDisk()
            try connection.checkpoint(.truncate)
            try expectAsOnDisk()
        }
        try connection.close()
    }
}
