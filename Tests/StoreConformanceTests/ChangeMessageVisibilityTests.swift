import QueueModel
import Testing

@Suite struct ChangeMessageVisibilityTests {
    @Test(arguments: StoreKind.underTest)
    func `a change hides the message from now on for the new time`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.send("a", to: .orders)
        let receipts = try store.receive(.orders, timeout: 10).map(\.receipt)
        store.advance(seconds: 5)
        #expect(try store.hide(receipts, of: .orders, for: 10) == [nil])
        store.advance(seconds: 9, milliseconds: 999)
        #expect(try store.texts(.orders) == [])
        #expect(try store.hide(receipts, of: .orders, for: 2) == [nil])
        store.advance(seconds: 2)
        let received = try store.receive(.orders)
        #expect(received.map(\.receiveCount) == [2])
    }

    @Test(arguments: StoreKind.underTest)
    func `a change to zero gives the message back at once`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.send("a", to: .orders)
        let receipts = try store.receive(.orders, timeout: 10).map(\.receipt)
        #expect(try store.hide(receipts, of: .orders, for: 0) == [nil])
        #expect(try store.texts(.orders) == ["a"])
    }

    @Test(arguments: StoreKind.underTest)
    func `the receipt of an earlier receive changes the message too`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.send("a", to: .orders)
        let stale = try store.receive(.orders, timeout: 0).map(\.receipt)
        try store.receive(.orders, timeout: 100)
        #expect(try store.hide(stale, of: .orders, for: 0) == [nil])
        #expect(try store.texts(.orders) == ["a"])
    }

    @Test(arguments: StoreKind.underTest)
    func `what counts only for the last receive is refused after another one`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.send("a", to: .orders)
        let stale = try store.receive(.orders, timeout: 0).map(\.receipt)
        let last = try store.receive(.orders, timeout: 100).map(\.receipt)
        #expect(
            try store.hide(stale + last, of: .orders, for: 0, onlyLastReceive: true) == [.messageNotAvailable, nil]
        )
        #expect(try store.texts(.orders) == ["a"])
    }

    @Test(arguments: StoreKind.underTest)
    func `a deleted message and one of another queue are refused, each for itself`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.create(.other)
        try store.send(count: 2, to: .orders)
        try store.send("elsewhere", to: .other)
        let own = try store.receive(.orders, timeout: 10).map(\.receipt)
        let foreign = try store.receive(.other, timeout: 10).map(\.receipt)
        _ = try store.delete([own[0]], from: .orders)
        #expect(
            try store.hide([own[0], foreign[0], own[1]], of: .orders, for: 0)
                == [.messageNotAvailable, .belongsToAnotherQueue, nil]
        )
        #expect(try store.texts(.orders) == ["2"])
        #expect(try store.texts(.other) == [])
    }

    @Test(arguments: StoreKind.underTest)
    func `a message stays hidden for twelve hours in all since its last receive`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.send("a", to: .orders)
        try store.receive(.orders, timeout: 0)
        store.advance(seconds: 40_000)
        let receipts = try store.receive(.orders, timeout: 43_200).map(\.receipt)
        #expect(try store.hide(receipts, of: .orders, for: 43_200) == [nil])
        store.advance(seconds: 10, milliseconds: 999)
        // Whole seconds count: ten have gone by.
        #expect(try store.hide(receipts, of: .orders, for: 43_191) == [.totalVisibilityBeyondLimit])
        #expect(try store.hide(receipts, of: .orders, for: 43_190) == [nil])
        store.advance(milliseconds: 1)
        #expect(try store.hide(receipts, of: .orders, for: 43_190) == [.totalVisibilityBeyondLimit])
        let hiddenUntil = try #require(try store.stored(.orders).first).availableAt
        #expect(hiddenUntil == receipts[0].receivedAt.adding(seconds: 43_200).adding(milliseconds: 999))
        store.advance(seconds: 43_200)
        #expect(try store.hide(receipts, of: .orders, for: 0) == [.totalVisibilityBeyondLimit])
    }

    @Test(arguments: StoreKind.underTest)
    func `a message that is visible again can be hidden with its old receipt`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.send("a", to: .orders)
        let receipts = try store.receive(.orders, timeout: 1).map(\.receipt)
        store.advance(seconds: 5)
        #expect(try store.hide(receipts, of: .orders, for: 5) == [nil])
        #expect(try store.texts(.orders) == [])
        #expect(try store.counts(.orders) == QueueCounts(inFlight: 1))
    }
}

extension Timestamp {
    fileprivate func adding(milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: self.milliseconds + milliseconds)
    }
}
