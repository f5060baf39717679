import QueueModel
import Testing

@Suite struct AvailabilityTests {
    /// What the listener should have been told of a queue.
    private func hint(
        _ store: TestStore,
        _ queue: QueueName = .orders,
        availableNow: Int = 0,
        nextInSeconds: Int? = nil,
        isQueueDeleted: Bool = false
    ) -> [QueueName: Availability] {
        [
            queue: Availability(
                queue: queue,
                availableNow: availableNow,
                nextAvailableAt: nextInSeconds.map { store.now.adding(seconds: $0) },
                now: store.now,
                isQueueDeleted: isQueueDeleted
            )
        ]
    }

    @Test(arguments: StoreKind.underTest)
    func `the listener hears of sent messages and of the earliest delay`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        #expect(store.takeHints() == [:])
        let delays = [nil, 30, 0, 20, 40]
        _ = try store.send(
            delays.map { store.newMessage(MessageContent("a"), delaySeconds: $0) },
            to: .orders
        )
        #expect(store.takeHints() == hint(store, availableNow: 2, nextInSeconds: 20))
    }

    @Test(arguments: StoreKind.underTest)
    func `the listener hears when received messages come back`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.send(count: 3, to: .orders)
        _ = store.takeHints()
        store.advance(seconds: 1)
        let receipts = try store.receive(.orders, max: 2, timeout: 50).map(\.receipt)
        #expect(store.takeHints() == hint(store, nextInSeconds: 50))
        try store.receive(.orders, timeout: 0)
        #expect(store.takeHints() == hint(store, availableNow: 1))
        _ = try store.hide(receipts, of: .orders, for: 10)
        #expect(store.takeHints() == hint(store, nextInSeconds: 10))
        _ = try store.hide(receipts, of: .orders, for: 0)
        #expect(store.takeHints() == hint(store, availableNow: 2))
    }

    @Test(arguments: StoreKind.underTest)
    func `the listener hears of a move in the dead-letter queue`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.letters)
        try store.create(.orders, [.redrivePolicy: store.redrive(to: .letters, after: 1)])
        try store.send(count: 2, to: .orders)
        try store.receive(.orders, timeout: 0)
        _ = store.takeHints()
        try store.receive(.orders)
        #expect(store.takeHints() == hint(store, .letters, availableNow: 2))
    }

    @Test(arguments: StoreKind.underTest)
    func `the listener hears that a queue is deleted`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        _ = store.takeHints()
        try store.delete(.orders)
        #expect(store.takeHints() == hint(store, isQueueDeleted: true))
    }

    @Test(arguments: StoreKind.underTest)
    func `the listener hears nothing of what makes no message available`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders, [.maximumMessageSize: "1024"])
        try store.send("a", to: .orders)
        let receipts = try store.receive(.orders).map(\.receipt)
        _ = store.takeHints()
        let tooLong = MessageContent(String(repeating: "x", count: 1_025))
        _ = try store.send([store.newMessage(tooLong)], to: .orders)
        try store.receive(.orders)
        _ = try store.delete(receipts, from: .orders)
        _ = try store.hide(receipts, of: .orders, for: 0)
        try store.set(.orders, [.delaySeconds: "1"])
        _ = try store.counts(.orders)
        try store.purge(.orders)
        try store.sweep()
        #expect(store.takeHints() == [:])
    }
}
