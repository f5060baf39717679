import QueueModel
import Testing

@Suite struct RestartTests {
    @Test(arguments: StoreKind.persistent)
    func `everything is there after a restart`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.letters, [.messageRetentionPeriod: "1000"])
        try store.create(
            .orders,
            [.visibilityTimeout: "7", .redrivePolicy: store.redrive(to: .letters, after: 1)]
        )
        try store.send(count: 5, to: .orders)
        let received = try store.receive(.orders, max: 3, timeout: 20)
        _ = try store.delete([received[0].receipt], from: .orders)
        _ = try store.hide([received[1].receipt], of: .orders, for: 0)
        try store.send("delayed", to: .orders, delaySeconds: 30)
        store.advance(milliseconds: 1)
        #expect(try store.texts(.orders, max: 1, timeout: 900) == ["4"])
        store.advance(milliseconds: 1)
        try store.set(.orders, [.visibilityTimeout: "8"])
        #expect(try store.texts(.orders, max: 2, timeout: 900) == ["5"])
        #expect(try store.stored(.letters).count == 1)
        let before = try store.store.snapshot()
        let counts = try store.counts(.orders)
        #expect(counts == QueueCounts(inFlight: 3, delayed: 1))
        try store.restart()
        #expect(try store.store.snapshot() == before)
        #expect(try store.counts(.orders) == counts)
        #expect(try store.texts(.letters) == ["2"])
        store.advance(seconds: 20)
        try store.restart()
        #expect(try store.counts(.orders) == QueueCounts(visible: 1, inFlight: 2, delayed: 1))
        store.advance(seconds: 10)
        #expect(try store.receive(.orders).map(\.text) == ["delayed"])
        #expect(try store.texts(.letters) == ["2", "3"])
    }

    @Test(arguments: StoreKind.persistent)
    func `receipts and their handles work after a restart`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.send(count: 2, to: .orders)
        let receipts = try store.receive(.orders, timeout: 100).map(\.receipt)
        let handle = store.store.receiptSeal.seal(receipts[0])
        try store.restart()
        #expect(store.store.receiptSeal.open(handle) == receipts[0])
        #expect(try store.delete([receipts[0]], from: .orders) == [nil])
        #expect(try store.hide([receipts[1]], of: .orders, for: 0) == [nil])
        let again = try store.receive(.orders)
        #expect(again.map(\.text) == ["2"])
        #expect(again.map(\.receiveCount) == [2])
    }

    @Test(arguments: StoreKind.persistent)
    func `what was deleted before a restart stays deleted`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.create(.other)
        try store.send(count: 3, to: .orders)
        try store.send("a", to: .other)
        _ = try store.delete(store.receive(.orders, max: 1).map(\.receipt), from: .orders)
        try store.delete(.other)
        try store.restart()
        #expect(try store.list().names == [.orders])
        #expect(try store.texts(.orders) == ["2", "3"])
        try store.purge(.orders)
        try store.restart()
        #expect(try store.counts(.orders) == QueueCounts())
        #expect(try store.texts(.orders) == [])
        try store.sweep()
        try store.restart()
        #expect(try store.sweepStep(rowsMax: 10) == false)
    }

    @Test(arguments: StoreKind.persistent)
    func `an old receipt does nothing to what is sent after a restart`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.create(.other)
        try store.send("deleted", to: .orders)
        var old = try store.receive(.orders).map(\.receipt)
        _ = try store.delete(old, from: .orders)
        try store.restart()
        for step in 0..<3 {
            if step == 1 { try store.purge(.orders) }
            if step == 2 {
                try store.delete(.orders)
                try store.sweep()
                try store.restart()
                try store.create(.orders)
            }
            try store.send("new", to: .orders)
            let new = try store.receive(.orders, timeout: 0).map(\.receipt)
            #expect(try store.delete(old, from: .orders) == old.map { _ in nil })
            #expect(try store.receive(.orders, timeout: 0).map(\.text) == ["new"])
            old += new
            try store.restart()
        }
    }

    @Test(arguments: StoreKind.persistent)
    func `messages are handed out in the same order after a restart`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.send("back", to: .orders)
        try store.receive(.orders, timeout: 5)
        store.advance(seconds: 4)
        try store.send("before", to: .orders)
        store.advance(seconds: 1)
        try store.send("same moment", to: .orders)
        try store.send("delayed", to: .orders, delaySeconds: 1)
        store.advance(seconds: 1)
        try store.restart()
        try store.send("after", to: .orders)
        #expect(try store.texts(.orders) == ["before", "back", "same moment", "delayed", "after"])
    }

    @Test(arguments: StoreKind.persistent)
    func `messages expire while the store is closed`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders, [.messageRetentionPeriod: "60"])
        try store.send("a", to: .orders)
        store.advance(seconds: 59)
        try store.send("b", to: .orders)
        try store.restart()
        store.advance(seconds: 1)
        try store.restart()
        #expect(try store.stored(.orders).count == 1)
        try store.sweep()
        #expect(try store.counts(.orders) == QueueCounts(visible: 1))
        #expect(try store.texts(.orders) == ["b"])
    }

    @Test(arguments: StoreKind.persistent)
    func `the limit of messages in flight holds after a restart`(kind: StoreKind) throws {
        let store = try TestStore(kind, inFlightMessagesMax: 2)
        try store.create(.orders)
        try store.send(count: 3, to: .orders)
        try store.receive(.orders, timeout: 10)
        try store.restart()
        #expect(try store.receiveOutcome(.orders).isOverLimit)
        store.advance(seconds: 10)
        #expect(try store.texts(.orders) == ["3", "1"])
    }
}
