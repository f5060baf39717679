import Foundation
import QueueModel
import SQLite
import SQLiteStore
import Testing

/// What becomes of the changes of message groups at a start, when a batch is taken back, and while there is no room.
@Suite struct GroupIndexStartTests: GroupSuite {
    let directory = TemporaryDirectory()
    let clock = HandClock()

    private func number(_ sql: String) throws -> Int64? {
        let connection = try Connection(path: directory.path + "/holdfast.db")
        defer { try? connection.close() }
        return try connection.integer(sql)
    }

    @Test func `after a start no changes wait, and every group has its messages`() throws {
        let store = try open(changesPerBucket: 100_000)
        create(in: store)
        for step in 0..<30 { #expect(send(step * 100..<(step + 1) * 100, groups: 70, to: store)) }
        let first = consume(10, from: store)
        store.close()
        #expect(try number("select count(*) from group_changes") ?? 0 > 0)
        #expect(try number("select count(*) from group_messages") == 0)
        try open().close()
        #expect(try number("select count(*) from group_changes") == 0)
        #expect(try number("select count(*) from group_messages") == 2_990)
        #expect(try findings() == [])
        let next = try open()
        let received = first + consumeAll(from: next)
        next.close()
        #expect(received.sorted() == Array(0..<3_000))
        expectInOrder(received, groups: 70)
    }

    @Test func `a start on a disk with little room stores no changes, and the order holds`() throws {
        let store = try open(changesPerBucket: 100_000)
        create(in: store)
        #expect(send(0..<500, groups: 20, to: store))
        store.close()
        let rows = try number("select count(*) from group_changes")
        let short = try open(changesPerBucket: 100_000, freeSizeBytes: 17_000_000)
        let received = consume(10, from: short)
        short.close()
        #expect(try number("select count(*) from group_changes") ?? 0 >= rows ?? 1)
        #expect(try findings() == [])
        let next = try open(changesPerBucket: 100_000)
        expectInOrder(received + consumeAll(from: next), groups: 20)
        next.close()
    }

    @Test func `a hundred starts with one message each leave no more changes than one`() throws {
        for start in 0..<100 {
            let store = try open(buckets: 8_192, changesPerBucket: 16)
            if start == 0 { create(in: store) }
            #expect(send(start..<start + 1, groups: 5, to: store))
            store.close()
        }
        #expect(try number("select sum(length(changes) - 8) / 16 from group_changes") == 1)
        #expect(try findings() == [])
    }

    @Test func `a start that is ended while it stores changes is no harm`() throws {
        let store = try open(changesPerBucket: 30)
        create(in: store)
        var first: [Int] = []
        for step in 0..<20 {
            #expect(send(step * 20..<(step + 1) * 20, groups: 7, to: store))
            first += consume(4, from: store)
        }
        store.close()
        // What the start found, and what it has made of it.
        let before = TemporaryDirectory()
        try FileManager.default.copyItem(atPath: directory.path, toPath: before.path)
        try open(changesPerBucket: 30).close()
        for part in ["sequence % 2 = 0", "group_hash < 0", "1"] {
            let cut = TemporaryDirectory()
            try FileManager.default.copyItem(atPath: directory.path, toPath: cut.path)
            let connection = try Connection(path: cut.path + "/holdfast.db")
            // As it was before, but for a part that is done already.
            try connection.execute(
                """
                attach '\(before.path)/holdfast.db' as before;
                begin;
                insert into group_changes select * from before.group_changes;
                delete from group_messages where not \(part);
                insert into group_messages select * from before.group_messages where not \(part);
                commit;
                detach before;
                """
            )
            try connection.close()
            #expect(try findings(at: cut.path) == [])
            let next = try open(at: cut.path)
            let received = first + consumeAll(from: next)
            next.close()
            #expect(received.sorted() == Array(0..<400))
            expectInOrder(received, groups: 7)
            #expect(try findings(at: cut.path) == [])
        }
    }

    @Test func `a batch that is taken back leaves the groups as they were`() throws {
        let store = try open(pagesMax: 300)
        create(in: store)
        var (sent, received, refused): ([Int], [Int], Int) = ([], [], 0)
        for step in 0..<200 {
            let bodies = step * 10..<(step + 1) * 10
            if send(bodies, groups: 7, sizeBytes: 9_000, to: store) {
                sent += bodies
            } else {
                refused += 1
            }
            if step % 3 == 2 || step > 150 { received += consume(step % 11, from: store) }
        }
        #expect(refused > 20)
        received += consumeAll(from: store)
        store.close()
        #expect(received.sorted() == sent)
        expectInOrder(received, groups: 7)
        #expect(try findings() == [])
    }

    @Test func `messages that were stored by a batch that is taken back can be removed`() throws {
        let store = try open(changesPerBucket: 5, pagesMax: 300)
        create(in: store)
        #expect(send(0..<4, groups: 1, to: store))
        // So many that the bucket is full and is stored, and then more than there is room for.
        let batch = [sendCommand(4..<10, groups: 1)]
        let results = store.apply(batch + [sendCommand(1_000..<1_010, groups: 1, sizeBytes: 200_000)])
        #expect(results.allSatisfy { (try? $0.get()) == nil })
        #expect(consume(3, from: store).count == 3)
        _ = try store.snapshot()
        #expect(consumeAll(from: store).count == 1)
        store.close()
        #expect(try findings() == [])
    }

    @Test func `one large group that a start found no room for is stored in bounded steps`() throws {
        let store = try open(changesPerBucket: 100_000)
        create(in: store)
        for step in 0..<400 {
            #expect(send(step * 10..<(step + 1) * 10, groups: 1, sizeBytes: 4_000, to: store))
        }
        store.close()
        // Not one page more than it has.
        let full = try open(pagesMax: 1)
        var received = consume(10, from: full)
        full.close()
        let (stored, waiting) = (
            try number("select count(*) from group_messages") ?? 0,
            try number("select count(*) from group_changes") ?? 0
        )
        #expect(stored < 2_000)
        #expect(waiting > 0)
        #expect(try findings() == [])
        let next = try open(pagesMax: 1)
        received += consumeAll(from: next)
        next.close()
        #expect(received == Array(0..<4_000))
        #expect(try findings() == [])
    }

    @Test func `a database whose making was cut short before its key was drawn is no damage`() throws {
        try open().close()
        let connection = try Connection(path: directory.path + "/holdfast.db")
        try connection.execute("delete from meta where name like 'receipt_key%'")
        try connection.close()
        #expect(try findings() == [])
        let store = try open()
        create(in: store)
        #expect(send(0..<1, groups: 1, to: store))
        store.close()
    }
}
