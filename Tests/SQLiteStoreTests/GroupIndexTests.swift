import QueueModel
import SQLite
import SQLiteStore
import Testing

/// Which messages each group has: gathered for a while, and put in order many at once.
@Suite struct GroupIndexTests: GroupSuite {
    let directory = TemporaryDirectory()
    let clock = HandClock()

    /// Opens with sizes of its own for each step: what was gathered with one is read with another.
    private func open(sizedBy step: Int) throws -> SQLiteStore {
        try open(
            buckets: step % 2 == 0 ? 2 : 16,
            changesPerBucket: 1 + step % 3,
            cacheSets: step % 4 < 2 ? 1...1 : 1...128
        )
    }

    @Test(arguments: [1, 3, 40])
    func `every group keeps its order through many changes and restarts`(groups: Int) throws {
        var store = try open()
        create(in: store)
        var received: [Int] = []
        for step in 0..<30 {
            #expect(send(step * 20..<(step + 1) * 20, groups: groups, to: store))
            for _ in 0..<3 { received += consume(step % 2 == 0 ? 10 : 3, from: store) }
            clock.advance(seconds: 1)
            if step % 5 == 4 {
                store.close()
                #expect(try findings() == [])
                store = try open(sizedBy: step)
            }
        }
        received += consumeAll(from: store)
        store.close()
        #expect(received.sorted() == Array(0..<600))
        expectInOrder(received, groups: groups)
        #expect(try findings() == [])
    }

    @Test(arguments: [1, 3, 40])
    func `messages deleted in any order, or come back, leave their groups in order`(groups: Int) throws {
        var random = SplitMix64(seed: UInt64(groups))
        var store = try open()
        create(in: store)
        var deleted: Set<Int> = []
        for step in 0..<60 {
            if step < 30 { #expect(send(step * 10..<(step + 1) * 10, groups: groups, to: store)) }
            let messages = store.receive(orders, count: 10, visibilityTimeoutSeconds: 1)
            for (group, own) in Dictionary(grouping: messages.compactMap { number($0) }, by: { $0 % groups }) {
                #expect(own == own.sorted())
                // Whatever is not deleted and stands in front comes first.
                let all = Set(stride(from: group, to: min(step + 1, 30) * 10, by: groups)).subtracting(deleted)
                #expect(own[0] == all.min())
            }
            for message in messages.shuffled(using: &random) where random.next() % 3 != 0 {
                let delete = DeleteMessagesCommand(queue: orders, receipts: [message.receipt])
                #expect((try? store.apply(.deleteMessages(delete)).get()) != nil)
                if let number = number(message) { deleted.insert(number) }
            }
            clock.advance(seconds: 2)
            if step % 7 == 6 {
                store.close()
                #expect(try findings() == [])
                store = try open(sizedBy: step)
            }
        }
        let left = consumeAll(from: store)
        store.close()
        #expect(left.sorted() == Set(0..<300).subtracting(deleted).sorted())
        expectInOrder(left, groups: groups)
        #expect(try findings() == [])
    }

    @Test func `what is gathered stays within bounds`() throws {
        let store = try open()
        create(in: store)
        for step in 0..<200 {
            #expect(send(step * 10..<(step + 1) * 10, groups: 1_000_000, to: store))
        }
        store.close()
        let connection = try Connection(path: directory.path + "/holdfast.db")
        // Twice the changes of all buckets, and what the last commit brought.
        let waiting = try connection.integer("select sum(length(changes) - 8) / 16 from group_changes")
        #expect(waiting ?? 0 <= 2 * 4 * 2 + 10)
        #expect(try connection.integer("select count(*) from group_messages") ?? 0 >= 2_000 - (4 * 2 + 10))
        try connection.close()
        #expect(try findings() == [])
    }

    @Test func `a purged queue leaves nothing behind in its groups`() throws {
        let store = try open()
        create(in: store)
        #expect(send(0..<50, groups: 7, to: store))
        _ = store.apply(.purgeQueue(PurgeQueueCommand(queue: orders)))
        #expect(send(50..<70, groups: 7, to: store))
        var hasMore = true
        while hasMore {
            guard case .success(.swept(let more)) = store.apply(.sweep(SweepCommand(rowsMax: 5))) else { break }
            hasMore = more
        }
        #expect(send(70..<100, groups: 7, to: store))
        store.close()
        let connection = try Connection(path: directory.path + "/holdfast.db")
        #expect(try connection.integer("select count(distinct queue) from group_messages") == 1)
        try connection.close()
        #expect(try findings() == [])
    }

    @Test(arguments: [1, 3])
    func `groups that share a hash keep their orders, and lose nothing`(hashBits: Int) throws {
        var store = try open(hashBits: hashBits)
        create(in: store)
        var received: [Int] = []
        for step in 0..<10 {
            #expect(send(step * 20..<(step + 1) * 20, groups: 23, to: store))
            // What is in flight holds back all that has its hash, and comes back before it.
            _ = store.receive(orders, count: 2, visibilityTimeoutSeconds: 1)
            clock.advance(seconds: 2)
            for _ in 0..<2 { received += consume(7, from: store) }
            store.close()
            store = try open(hashBits: hashBits)
        }
        received += consumeAll(from: store)
        store.close()
        #expect(received.sorted() == Array(0..<200))
        expectInOrder(received, groups: 23)
    }
}
