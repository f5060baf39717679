import QueueModel
import Testing

@Suite struct RetentionTests {
    @Test(arguments: StoreKind.underTest)
    func `a message is gone when its retention period is over and not before`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders, [.messageRetentionPeriod: "60"])
        try store.send("a", to: .orders)
        try store.receive(.orders, timeout: 0)
        try store.send("b", to: .orders)
        store.advance(seconds: 59, milliseconds: 999)
        #expect(try store.texts(.orders, timeout: 0) == ["a", "b"])
        store.advance(milliseconds: 1)
        #expect(try store.texts(.orders, timeout: 0) == [])
        #expect(try store.receiveOutcome(.orders).nextAvailableAt == nil)
        #expect(try store.stored(.orders) == [])
    }

    @Test(arguments: StoreKind.underTest)
    func `a receive goes on behind many expired messages`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders, [.messageRetentionPeriod: "60"])
        try store.send(count: 2_300, to: .orders)
        for _ in 1...110 { try store.receive(.orders, timeout: 1) }
        store.advance(seconds: 60)
        try store.send("fresh", to: .orders)
        #expect(try store.texts(.orders) == ["fresh"])
        try store.sweep()
        #expect(try store.counts(.orders) == QueueCounts(inFlight: 1))
    }

    @Test(arguments: StoreKind.underTest)
    func `a changed retention period holds for messages sent before`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.send("old", to: .orders)
        store.advance(seconds: 100)
        try store.send("new", to: .orders)
        try store.set(.orders, [.messageRetentionPeriod: "100"])
        #expect(try store.texts(.orders) == ["new"])
        try store.create(.other, [.messageRetentionPeriod: "60"])
        try store.send("kept", to: .other)
        store.advance(seconds: 59)
        try store.set(.other, [.messageRetentionPeriod: "1209600"])
        store.advance(seconds: 1_209_540)
        #expect(try store.texts(.other) == ["kept"])
        store.advance(seconds: 43_200)
        #expect(try store.texts(.other) == [])
    }

    @Test(arguments: StoreKind.underTest)
    func `a sweep removes what is expired, hidden or not, and keeps the rest`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders, [.messageRetentionPeriod: "60"])
        try store.create(.other)
        try store.send("received", to: .orders)
        try store.receive(.orders, timeout: 43_200)
        try store.send("visible", to: .orders)
        try store.send("delayed", to: .orders, delaySeconds: 900)
        try store.send("elsewhere", to: .other)
        store.advance(seconds: 30)
        try store.send("young", to: .orders, delaySeconds: 900)
        store.advance(seconds: 30)
        #expect(try store.counts(.orders) == QueueCounts(visible: 1, inFlight: 1, delayed: 2))
        #expect(try store.stored(.orders).count == 1)
        try store.sweep(rowsMax: 1)
        #expect(try store.counts(.orders) == QueueCounts(delayed: 1))
        #expect(try store.stored(.orders).count == 1)
        #expect(try store.texts(.other) == ["elsewhere"])
    }

    @Test(arguments: StoreKind.underTest)
    func `a sweep finds the expired behind younger messages`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.letters)
        try store.create(.orders, [.redrivePolicy: store.redrive(to: .letters, after: 1)])
        try store.send("moved", to: .orders)
        try store.receive(.orders, timeout: 30)
        store.advance(seconds: 30)
        try store.send("young", to: .letters)
        try store.receive(.orders)
        try store.set(.letters, [.messageRetentionPeriod: "60"])
        store.advance(seconds: 30)
        try store.sweep()
        #expect(try store.counts(.letters) == QueueCounts(visible: 1))
        #expect(try store.texts(.letters) == ["young"])
    }

    @Test(arguments: StoreKind.underTest)
    func `sweeping comes to an end after purges and deletions too`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.create(.other)
        try store.send(count: 25, to: .orders)
        try store.send(count: 25, to: .other)
        try store.receive(.orders)
        try store.purge(.orders)
        try store.delete(.other)
        try store.send("new", to: .orders)
        try store.sweep(rowsMax: 3)
        #expect(try store.sweepStep(rowsMax: 3) == false)
        #expect(try store.counts(.orders) == QueueCounts(visible: 1))
        #expect(try store.texts(.orders) == ["new"])
    }

    @Test(arguments: StoreKind.underTest)
    func `an expired message can't be hidden but deleting it is no error`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders, [.messageRetentionPeriod: "60"])
        try store.send("a", to: .orders)
        let receipts = try store.receive(.orders, timeout: 100).map(\.receipt)
        store.advance(seconds: 60)
        #expect(try store.hide(receipts, of: .orders, for: 5) == [.messageNotAvailable])
        #expect(try store.hide(receipts, of: .orders, for: 43_200) == [.messageNotAvailable])
        #expect(try store.delete(receipts, from: .orders) == [nil])
        #expect(try store.counts(.orders) == QueueCounts())
    }
}
