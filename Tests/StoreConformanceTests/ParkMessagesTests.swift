import QueueModel
import Testing

@Suite struct ParkMessagesTests {
    private let fifo = QueueName.named("orders.fifo")

    /// A body as a damaged disk would give it back: it does not match the digest that was stored with it.
    private func damaged(_ body: String) -> MessageContent {
        MessageContent(
            body: Array(body.utf8),
            attributes: .none,
            traceHeader: nil,
            senderId: "000000000000",
            digest: MD5Digest(high: 1, low: 2)
        )
    }

    @discardableResult
    private func park(_ received: [ReceivedMessage], of queue: QueueName, in store: TestStore) throws -> Int {
        let command = ParkMessagesCommand(queue: queue, receipts: received.map(\.receipt))
        let outcome = try store.perform(.parkMessages(command))
        guard case .parkedMessages(let count) = outcome else { throw UnexpectedOutcome(outcome: outcome) }
        return count
    }

    @Test(arguments: StoreKind.underTest)
    func `a damaged message that is parked never comes again and is not counted`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        _ = try store.send([store.newMessage(damaged("bad")), store.newMessage(MessageContent("good"))], to: .orders)
        let received = try store.receive(.orders, max: 10, timeout: 30)
        #expect(received.map(\.text) == ["bad", "good"])
        #expect(try park(received, of: .orders, in: store) == 1)
        #expect(try store.counts(.orders) == QueueCounts(inFlight: 1))
        store.advance(seconds: 30)
        #expect(try store.texts(.orders) == ["good"])
        #expect(try park(received, of: .orders, in: store) == 0)
    }

    @Test(arguments: StoreKind.underTest)
    func `a message that was received again is not parked for the receive before`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        _ = try store.send([store.newMessage(damaged("bad"))], to: .orders)
        let first = try store.receive(.orders, timeout: 0)
        store.advance(seconds: 1)
        let second = try store.receive(.orders, timeout: 30)
        #expect(try park(first, of: .orders, in: store) == 0)
        #expect(try park(second, of: .orders, in: store) == 1)
    }

    @Test(arguments: StoreKind.underTest)
    func `a message group goes on behind a parked message, in its order`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(fifo)
        for (number, content) in [damaged("1"), MessageContent("2"), MessageContent("3")].enumerated() {
            var content = content
            content.messageGroupId = "g"
            content.messageDeduplicationId = "\(number)"
            _ = try store.send([store.newMessage(content)], to: fifo)
        }
        let received = try store.receive(fifo, max: 1, timeout: 30)
        #expect(received.map(\.text) == ["1"])
        #expect(try store.texts(fifo) == [])
        _ = store.takeHints()
        #expect(try park(received, of: fifo, in: store) == 1)
        #expect(store.takeHints()[fifo]?.availableNow == 1)
        #expect(try store.receive(fifo, max: 10).map(\.text) == ["2", "3"])
    }

    @Test(arguments: StoreKind.underTest)
    func `an old receipt of a parked message deletes without an error`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        _ = try store.send([store.newMessage(damaged("bad"))], to: .orders)
        let received = try store.receive(.orders)
        try park(received, of: .orders, in: store)
        #expect(try store.delete(received.map(\.receipt), from: .orders) == [nil])
    }

    @Test(arguments: StoreKind.underTest)
    func `a batch deletes what stands before and behind a parked message`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        let contents = [MessageContent("1"), damaged("bad"), MessageContent("3"), MessageContent("4")]
        _ = try store.send(contents.map { store.newMessage($0) }, to: .orders)
        let received = try store.receive(.orders, timeout: 30)
        #expect(try park(received, of: .orders, in: store) == 1)
        #expect(try store.delete(received.map(\.receipt), from: .orders) == [nil, nil, nil, nil])
        #expect(try store.stored(.orders) == [])
        #expect(try store.counts(.orders) == QueueCounts())
    }
}
