import QueueModel
import Testing

@Suite struct DeleteMessagesTests {
    @Test(arguments: StoreKind.underTest)
    func `a deleted message does not come back`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.send(count: 3, to: .orders)
        let received = try store.receive(.orders, timeout: 5)
        #expect(try store.delete([received[1].receipt], from: .orders) == [nil])
        #expect(try store.stored(.orders).map(\.messageId) == [received[0].messageId, received[2].messageId])
        store.advance(seconds: 5)
        #expect(try store.texts(.orders) == ["1", "3"])
    }

    @Test(arguments: StoreKind.underTest)
    func `deleting with the receipt of an earlier receive deletes`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.send("a", to: .orders)
        let stale = try store.receive(.orders, timeout: 0).map(\.receipt)
        try store.receive(.orders, timeout: 5)
        #expect(try store.delete(stale, from: .orders) == [nil])
        #expect(try store.stored(.orders) == [])
        store.advance(seconds: 5)
        #expect(try store.texts(.orders) == [])
    }

    @Test(arguments: StoreKind.underTest)
    func `deleting what became visible again deletes`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.send("a", to: .orders)
        let receipts = try store.receive(.orders, timeout: 5).map(\.receipt)
        store.advance(seconds: 500)
        #expect(try store.delete(receipts, from: .orders) == [nil])
        #expect(try store.counts(.orders) == QueueCounts())
    }

    @Test(arguments: StoreKind.underTest)
    func `deleting twice is no error and deletes nothing else`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.send("a", to: .orders)
        let receipts = try store.receive(.orders).map(\.receipt)
        #expect(try store.delete(receipts + receipts, from: .orders) == [nil, nil])
        try store.send("b", to: .orders)
        #expect(try store.delete(receipts, from: .orders) == [nil])
        #expect(try store.texts(.orders) == ["b"])
    }

    @Test(arguments: StoreKind.underTest)
    func `a batch deletes what it names and nothing between, whatever its order, its gaps and its repeats`(
        kind: StoreKind
    ) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.send(count: 12, to: .orders)
        let receipts = try store.receive(.orders, max: 10, timeout: 5).map(\.receipt)
        // The fourth is gone already, and the eleventh has never been received.
        #expect(try store.delete([receipts[3]], from: .orders) == [nil])
        let batch = [6, 4, 2, 3, 4, 8, 5, 1].map { receipts[$0] }
        #expect(try store.delete(batch, from: .orders) == batch.map { _ in nil })
        #expect(try store.stored(.orders).map(\.text) == ["1", "8", "10", "11", "12"])
        #expect(try store.counts(.orders) == QueueCounts(visible: 2, inFlight: 3))
        store.advance(seconds: 5)
        #expect(try store.texts(.orders) == ["11", "12", "1", "8", "10"])
    }

    @Test(arguments: StoreKind.underTest)
    func `a receipt of another queue is refused and the others in the batch count`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.create(.other)
        try store.send(count: 2, to: .orders)
        try store.send("elsewhere", to: .other)
        let own = try store.receive(.orders, timeout: 5).map(\.receipt)
        let foreign = try store.receive(.other, timeout: 5).map(\.receipt)
        #expect(
            try store.delete([own[0], foreign[0], own[1]], from: .orders) == [nil, .belongsToAnotherQueue, nil]
        )
        store.advance(seconds: 5)
        #expect(try store.texts(.orders) == [])
        #expect(try store.texts(.other) == ["elsewhere"])
    }

    @Test(arguments: StoreKind.underTest)
    func `receipts from before a purge do nothing, also to what was sent since`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.create(.other)
        try store.send(count: 3, to: .orders)
        let old = try store.receive(.orders, timeout: 5).map(\.receipt)
        try store.purge(.orders)
        try store.send(count: 3, to: .orders)
        let new = try store.receive(.orders, timeout: 5).map(\.receipt)
        #expect(Set(new.map(\.locator)).isDisjoint(with: old.map(\.locator)))
        #expect(try store.delete(old, from: .orders) == [nil, nil, nil])
        #expect(try store.delete(old, from: .other) == [nil, nil, nil])
        #expect(try store.hide(old, of: .orders, for: 100) == Array(repeating: .messageNotAvailable, count: 3))
        #expect(try store.hide(old, of: .other, for: 100) == Array(repeating: .messageNotAvailable, count: 3))
        store.advance(seconds: 5)
        #expect(try store.texts(.orders) == ["1", "2", "3"])
    }

    @Test(arguments: StoreKind.underTest)
    func `receipts of a deleted queue do nothing to the queue that has its name now`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.send("old", to: .orders)
        let old = try store.receive(.orders, timeout: 5).map(\.receipt)
        try store.delete(.orders)
        try store.create(.other)
        try store.create(.orders)
        for queue in [QueueName.orders, .other] {
            try store.send("new", to: queue)
            let new = try store.receive(queue, timeout: 5).map(\.receipt)
            #expect(Set(new.map(\.locator)).isDisjoint(with: old.map(\.locator)))
            #expect(try store.delete(old, from: queue) == [nil])
            #expect(try store.hide(old, of: queue, for: 100) == [.messageNotAvailable])
        }
        store.advance(seconds: 5)
        #expect(try store.texts(.orders) == ["new"])
        #expect(try store.texts(.other) == ["new"])
    }
}
