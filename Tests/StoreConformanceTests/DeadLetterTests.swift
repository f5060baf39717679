import QueueModel
import Testing

@Suite struct DeadLetterTests {
    /// A store with a queue whose messages go to `letters` after so many receives.
    private func makeStore(_ kind: StoreKind, maxReceiveCount: Int) throws -> TestStore {
        let store = try TestStore(kind)
        try store.create(.letters)
        try store.create(.orders, [.redrivePolicy: store.redrive(to: .letters, after: maxReceiveCount)])
        return store
    }

    @Test(arguments: StoreKind.underTest)
    func `the receive after the last allowed one moves a message with all it has`(kind: StoreKind) throws {
        let store = try makeStore(kind, maxReceiveCount: 2)
        let id = try store.send("a", to: .orders)
        let sentAt = store.now
        store.advance(seconds: 1)
        let firstReceivedAt = store.now
        for count in 1...2 {
            #expect(try store.receive(.orders, timeout: 5).map(\.receiveCount) == [count])
            #expect(try store.stored(.letters) == [])
            store.advance(seconds: 5)
        }
        #expect(try store.receive(.orders) == [])
        #expect(try store.stored(.orders) == [])
        #expect(
            try store.stored(.letters) == [
                StoreSnapshot.StoredMessage(
                    messageId: id,
                    content: MessageContent("a"),
                    sentAt: sentAt,
                    deadLetterSource: .orders,
                    receiveCount: 2,
                    firstReceivedAt: firstReceivedAt,
                    receivedAt: nil,
                    availableAt: store.now
                )
            ]
        )
        #expect(try store.counts(.orders) == QueueCounts())
        #expect(try store.counts(.letters) == QueueCounts(visible: 1))
        store.advance(seconds: 1)
        let letter = try #require(try store.receive(.letters).first)
        #expect(letter.messageId == id)
        #expect(letter.sentAt == sentAt)
        #expect(letter.firstReceivedAt == firstReceivedAt)
        #expect(letter.receiveCount == 3)
        #expect(letter.deadLetterSource == .orders)
    }

    @Test(arguments: StoreKind.underTest)
    func `a queue's RedriveAllowPolicy decides who may name it as dead-letter queue`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        let source = QueueARN(region: "us-east-1", account: "000000000000", queue: .orders).text
        let byQueue = #"{"redrivePermission":"byQueue","sourceQueueArns":["\#(source)"]}"#
        try store.create(.letters, [.redriveAllowPolicy: byQueue])
        let redrive = [QueueAttributeName.redrivePolicy: store.redrive(to: .letters, after: 1)]
        try store.create(.orders, redrive)
        #expect(throws: (any Error).self) { try store.create(.other, redrive) }
        let denyAll = [QueueAttributeName.redriveAllowPolicy: #"{"redrivePermission":"denyAll"}"#]
        _ = store.store.apply([.setQueueAttributes(SetQueueAttributesCommand(queue: .letters, changes: denyAll))])
        #expect(throws: (any Error).self) {
            try store.set(.orders, [.redrivePolicy: store.redrive(to: .letters, after: 2)])
        }
        // The same once more changes nothing, so there is nothing to refuse.
        try store.set(.orders, redrive)
    }

    @Test(arguments: StoreKind.underTest)
    func `a receive goes on behind the messages that it moves`(kind: StoreKind) throws {
        let store = try makeStore(kind, maxReceiveCount: 1)
        try store.send(count: 250, to: .orders)
        for _ in 1...25 { #expect(try store.receive(.orders, timeout: 1).count == 10) }
        store.advance(seconds: 1)
        try store.send("healthy", to: .orders)
        #expect(try store.texts(.orders, max: 1) == ["healthy"])
        #expect(try store.counts(.orders) == QueueCounts(inFlight: 1))
        #expect(try store.counts(.letters) == QueueCounts(visible: 250))
        #expect(try store.texts(.letters, max: 10) == (1...10).map { "\($0)" })
    }

    @Test(arguments: StoreKind.underTest)
    func `a receive that got enough moves no more`(kind: StoreKind) throws {
        let store = try makeStore(kind, maxReceiveCount: 1)
        try store.send("fresh", to: .orders)
        store.advance(milliseconds: 1)
        try store.send("poison", to: .orders, delaySeconds: 1)
        store.advance(seconds: 1)
        #expect(try store.texts(.orders, max: 2, timeout: 0) == ["fresh", "poison"])
        try store.send("second", to: .orders)
        #expect(try store.texts(.orders, max: 1) == ["second"])
        #expect(try store.texts(.letters) == ["fresh", "poison"])
    }

    @Test(arguments: StoreKind.underTest)
    func `without its dead-letter queue a message is handed out on and on`(kind: StoreKind) throws {
        let store = try makeStore(kind, maxReceiveCount: 1)
        try store.send("a", to: .orders)
        try store.receive(.orders, timeout: 0)
        try store.delete(.letters)
        #expect(try store.describe(.orders).attributes.redrivePolicy?.maxReceiveCount == 1)
        #expect(try store.receive(.orders, timeout: 0).map(\.receiveCount) == [2])
        #expect(try store.receive(.orders, timeout: 0).map(\.receiveCount) == [3])
        try store.create(.letters)
        #expect(try store.receive(.orders, timeout: 0) == [])
        #expect(try store.receive(.letters).map(\.receiveCount) == [4])
    }

    @Test(arguments: StoreKind.underTest)
    func `each queue of a chain hands a message out as often as its own limit says`(kind: StoreKind) throws {
        let store = try makeStore(kind, maxReceiveCount: 1)
        try store.create(.other)
        try store.set(.letters, [.redrivePolicy: store.redrive(to: .other, after: 3)])
        try store.send("a", to: .orders)
        try store.receive(.orders, timeout: 0)
        #expect(try store.receive(.orders, timeout: 0) == [])
        for count in 2...4 {
            #expect(try store.receive(.letters, timeout: 0).map(\.receiveCount) == [count])
        }
        #expect(try store.receive(.letters, timeout: 0) == [])
        let letter = try #require(try store.receive(.other, timeout: 0).first)
        #expect(letter.receiveCount == 5)
        #expect(letter.deadLetterSource == .letters)
        #expect(try store.store.snapshot().queues.values.map(\.messages.count).reduce(0, +) == 1)
    }

    @Test(arguments: StoreKind.underTest)
    func `a receipt from before the move does nothing to the moved message`(kind: StoreKind) throws {
        let store = try makeStore(kind, maxReceiveCount: 1)
        try store.send("a", to: .orders)
        let receipts = try store.receive(.orders, timeout: 0).map(\.receipt)
        try store.receive(.orders)
        #expect(try store.delete(receipts, from: .orders) == [nil])
        #expect(try store.hide(receipts, of: .orders, for: 5) == [.messageNotAvailable])
        #expect(try store.delete(receipts, from: .letters) == [.belongsToAnotherQueue])
        #expect(try store.texts(.letters) == ["a"])
    }

    @Test(arguments: StoreKind.underTest)
    func `in a dead-letter queue moved and sent messages go out by how long they have been available`(
        kind: StoreKind
    ) throws {
        let store = try makeStore(kind, maxReceiveCount: 1)
        try store.send("moved", to: .orders)
        try store.receive(.orders, timeout: 0)
        store.advance(seconds: 1)
        try store.send("before", to: .letters)
        store.advance(seconds: 1)
        try store.send("same moment", to: .letters)
        try store.receive(.orders)
        store.advance(seconds: 1)
        try store.send("after", to: .letters)
        #expect(try store.texts(.letters) == ["before", "moved", "same moment", "after"])
        #expect(
            try store.stored(.letters).map { String(decoding: $0.content.body, as: UTF8.self) }
                == ["before", "same moment", "moved", "after"]
        )
    }

    @Test(arguments: StoreKind.underTest)
    func `in a dead-letter queue the age runs on from the sending`(kind: StoreKind) throws {
        let store = try makeStore(kind, maxReceiveCount: 1)
        try store.set(.letters, [.messageRetentionPeriod: "60"])
        try store.send("a", to: .orders)
        try store.receive(.orders, timeout: 50)
        store.advance(seconds: 50)
        try store.send("sent", to: .letters)
        try store.receive(.orders)
        #expect(try store.stored(.letters).count == 2)
        store.advance(seconds: 10)
        #expect(try store.stored(.letters).count == 1)
        try store.sweep()
        #expect(try store.counts(.letters) == QueueCounts(visible: 1))
        #expect(try store.texts(.letters) == ["sent"])
    }

    @Test(arguments: StoreKind.underTest)
    func `a lower limit holds for messages that were received before`(kind: StoreKind) throws {
        let store = try makeStore(kind, maxReceiveCount: 10)
        try store.send("a", to: .orders)
        for _ in 1...3 { try store.receive(.orders, timeout: 0) }
        try store.set(.orders, [.redrivePolicy: store.redrive(to: .letters, after: 3)])
        #expect(try store.receive(.orders) == [])
        #expect(try store.texts(.letters) == ["a"])
    }
}
