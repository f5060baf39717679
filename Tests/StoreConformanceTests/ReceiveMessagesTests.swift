import QueueModel
import Testing

@Suite struct ReceiveMessagesTests {
    @Test(arguments: StoreKind.underTest)
    func `a receive hands out at most what it asks for, the oldest first`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        #expect(try store.texts(.orders) == [])
        try store.send(count: 14, to: .orders)
        #expect(try store.texts(.orders, max: 1) == ["1"])
        #expect(try store.texts(.orders, max: 10) == (2...11).map { "\($0)" })
        #expect(try store.texts(.orders, max: 10) == ["12", "13", "14"])
        #expect(try store.texts(.orders, max: 10) == [])
    }

    @Test(arguments: StoreKind.underTest)
    func `a received message is hidden until its timeout is over`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders, [.visibilityTimeout: "7"])
        try store.send("a", to: .orders)
        #expect(try store.texts(.orders) == ["a"])
        store.advance(seconds: 6, milliseconds: 999)
        #expect(try store.texts(.orders) == [])
        store.advance(milliseconds: 1)
        #expect(try store.texts(.orders, timeout: 43_200) == ["a"])
        store.advance(seconds: 43_199, milliseconds: 999)
        #expect(try store.texts(.orders) == [])
        store.advance(milliseconds: 1)
        #expect(try store.texts(.orders) == ["a"])
    }

    @Test(arguments: StoreKind.underTest)
    func `each receive counts and has a receipt of its own`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        let id = try store.send("a", to: .orders)
        store.advance(milliseconds: 5)
        let firstReceivedAt = store.now
        var receipts: Set<Receipt> = []
        for count in 1...4 {
            let received = try #require(try store.receive(.orders, timeout: 0).first)
            #expect(received.messageId == id)
            #expect(received.receiveCount == count)
            #expect(received.receipt.receiveCount == count)
            #expect(received.firstReceivedAt == firstReceivedAt)
            #expect(received.receipt.receivedAt == store.now)
            receipts.insert(received.receipt)
            store.advance(milliseconds: count == 2 ? 0 : 5)
        }
        #expect(receipts.count == 4)
    }

    @Test(arguments: StoreKind.underTest)
    func `a receive without hiding hands each message out once and leaves it visible`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.send(count: 3, to: .orders)
        #expect(try store.texts(.orders, timeout: 0) == ["1", "2", "3"])
        #expect(try store.counts(.orders) == QueueCounts(visible: 3))
        #expect(try store.texts(.orders, timeout: 0) == ["1", "2", "3"])
    }

    @Test(arguments: StoreKind.underTest)
    func `what came back and what is new go out by how long they have been available`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.send("first", to: .orders)
        try store.send("second", to: .orders)
        try store.receive(.orders, max: 1, timeout: 10)
        try store.receive(.orders, max: 1, timeout: 5)
        store.advance(seconds: 7)
        try store.send("new", to: .orders)
        try store.send("delayed", to: .orders, delaySeconds: 2)
        store.advance(seconds: 4)
        try store.send("newest", to: .orders)
        #expect(try store.texts(.orders) == ["second", "new", "delayed", "first", "newest"])
    }

    @Test(arguments: StoreKind.underTest)
    func `of messages available since the same moment those that came back go first`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.send("1", to: .orders)
        try store.send("2", to: .orders)
        try store.send("3", to: .orders)
        try store.receive(.orders, timeout: 5)
        store.advance(seconds: 3)
        try store.send("4", to: .orders, delaySeconds: 2)
        store.advance(seconds: 2)
        try store.send("5", to: .orders)
        try store.send("6", to: .orders)
        #expect(try store.texts(.orders, max: 2) == ["1", "2"])
        #expect(try store.texts(.orders) == ["3", "4", "5", "6"])
    }

    @Test(arguments: StoreKind.underTest)
    func `what is received for the first time beside what came back is counted each for itself`(kind: StoreKind) throws
    {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.send("1", to: .orders)
        try store.send("2", to: .orders)
        #expect(try store.texts(.orders, max: 1, timeout: 3) == ["1"])
        let firstReceivedAt = store.now
        try store.send("3", to: .orders, delaySeconds: 4)
        try store.send("4", to: .orders)
        try store.send("5", to: .orders)
        store.advance(seconds: 5)
        try store.send("6", to: .orders)
        let received = try store.receive(.orders, timeout: 10)
        #expect(received.map(\.text) == ["2", "4", "5", "1", "3", "6"])
        #expect(received.map(\.receiveCount) == [1, 1, 1, 2, 1, 1])
        let now = store.now
        #expect(received.map(\.firstReceivedAt) == [now, now, now, firstReceivedAt, now, now])
        #expect(try store.counts(.orders) == QueueCounts(inFlight: 6))
        #expect(try store.texts(.orders) == [])
        store.advance(seconds: 10)
        #expect(try store.receive(.orders).map(\.receiveCount) == [3, 2, 2, 2, 2, 2])
        #expect(try store.delete(received.map(\.receipt), from: .orders) == received.map { _ in nil })
        #expect(try store.counts(.orders) == QueueCounts())
    }

    @Test(arguments: StoreKind.underTest)
    func `neither a backlog nor what keeps coming back starves the other`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.send("poison", to: .orders)
        try store.receive(.orders, timeout: 1)
        store.advance(seconds: 2)
        try store.send(count: 20, to: .orders)
        #expect(try store.texts(.orders, max: 2, timeout: 1) == ["poison", "1"])
        store.advance(seconds: 2)
        #expect(try store.texts(.orders, max: 10, timeout: 100) == (2...11).map { "\($0)" })
        #expect(try store.texts(.orders, max: 10, timeout: 100) == (12...20).map { "\($0)" } + ["poison"])
        #expect(try store.texts(.orders, max: 10, timeout: 100) == ["1"])
    }

    @Test(arguments: StoreKind.underTest)
    func `no more messages are in flight than allowed`(kind: StoreKind) throws {
        let store = try TestStore(kind, inFlightMessagesMax: 4)
        try store.create(.orders)
        try store.create(.other)
        try store.send(count: 6, to: .orders)
        try store.send("elsewhere", to: .other)
        try store.send("delayed", to: .orders, delaySeconds: 900)
        let first = try store.receiveOutcome(.orders, max: 3, timeout: 10)
        #expect(first.messages.map(\.text) == ["1", "2", "3"])
        store.advance(seconds: 5)
        let second = try store.receiveOutcome(.orders, max: 3, timeout: 10)
        #expect(second.messages.map(\.text) == ["4"])
        #expect(!second.isOverLimit)
        let third = try store.receiveOutcome(.orders, max: 3)
        #expect(third.messages == [])
        #expect(third.isOverLimit)
        #expect(try store.texts(.other) == ["elsewhere"])
        _ = try store.delete([first.messages[0].receipt], from: .orders)
        #expect(try store.texts(.orders, timeout: 10) == ["5"])
        store.advance(seconds: 5)
        let fourth = try store.receiveOutcome(.orders)
        #expect(fourth.messages.map(\.text) == ["6", "2"])
        #expect(!fourth.isOverLimit)
    }

    @Test(arguments: StoreKind.underTest)
    func `a receive says when the next message becomes available if it is asked`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders, [.receiveMessageWaitTimeSeconds: "13"])
        #expect(try store.receiveOutcome(.orders).nextAvailableAt == nil)
        let sentAt = store.now
        try store.send("a", to: .orders)
        try store.send("b", to: .orders)
        try store.send("later", to: .orders, delaySeconds: 50)
        store.advance(seconds: 1)
        let now = store.now
        let first = try store.receiveOutcome(.orders, max: 1, timeout: 20)
        #expect(first.nextAvailableAt == sentAt)
        #expect(first.now == now)
        #expect(first.receiveMessageWaitTimeSeconds == 13)
        let second = try store.receiveOutcome(.orders, max: 1, timeout: 100)
        #expect(second.nextAvailableAt == now.adding(seconds: 20))
        _ = try store.delete(first.messages.map(\.receipt), from: .orders)
        #expect(try store.receiveOutcome(.orders, reportsNext: false).nextAvailableAt == nil)
        #expect(try store.receiveOutcome(.orders).nextAvailableAt == sentAt.adding(seconds: 50))
        store.advance(seconds: 60)
        let third = try store.receiveOutcome(.orders, timeout: 0)
        #expect(third.messages.map(\.text) == ["later"])
        #expect(third.nextAvailableAt == store.now)
    }

    @Test(arguments: StoreKind.underTest)
    func `the next moment is that of a message that will still be there now`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders, [.messageRetentionPeriod: "60"])
        try store.send("expired in flight", to: .orders)
        try store.receive(.orders, timeout: 100)
        try store.send("expired and delayed", to: .orders, delaySeconds: 100)
        store.advance(seconds: 60)
        #expect(try store.receiveOutcome(.orders).nextAvailableAt == nil)
        try store.send("delayed", to: .orders, delaySeconds: 200)
        #expect(try store.receiveOutcome(.orders).nextAvailableAt == store.now.adding(seconds: 200))
    }
}
