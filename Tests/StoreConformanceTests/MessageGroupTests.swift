import QueueModel
import Testing

/// What AWS's recorded answers and the Developer Guide say of groups, delays and receipts of FIFO queues.
@Suite struct MessageGroupTests {
    private func makeStore(_ kind: StoreKind, _ attributes: [QueueAttributeName: String] = [:]) throws -> TestStore {
        let store = try TestStore(kind)
        try store.create(.fifo, attributes)
        return store
    }

    @Test(arguments: StoreKind.underTest)
    func `a receive takes as many as fit of the oldest group, then of the next`(kind: StoreKind) throws {
        let store = try makeStore(kind)
        try store.sendToGroups(["g1-1", "g2-1", "g1-2", "g1-3", "g2-2"])
        #expect(try store.texts(.fifo, max: 4, timeout: 30) == ["g1-1", "g1-2", "g1-3", "g2-1"])
    }

    @Test(arguments: StoreKind.underTest)
    func `a group with a message in flight waits, and then queues behind the others`(kind: StoreKind) throws {
        let store = try makeStore(kind)
        try store.sendToGroups(["g1-1", "g1-2", "g2-1"])
        #expect(try store.texts(.fifo, max: 1, timeout: 5) == ["g1-1"])
        #expect(try store.texts(.fifo, timeout: 2) == ["g2-1"])
        #expect(try store.texts(.fifo) == [])
        store.advance(seconds: 5)
        #expect(try store.texts(.fifo) == ["g2-1", "g1-1", "g1-2"])
    }

    @Test(arguments: StoreKind.underTest)
    func `what stands before an extended message comes back without it`(kind: StoreKind) throws {
        let store = try makeStore(kind)
        try store.sendToGroups(["g-1", "g-2", "g-3"])
        let receipts = try store.receive(.fifo, timeout: 5).map(\.receipt)
        #expect(try store.hide([receipts[1]], of: .fifo, for: 60) == [nil])
        store.advance(seconds: 5)
        #expect(try store.texts(.fifo, timeout: 0) == ["g-1"])
        #expect(try store.hide([receipts[1]], of: .fifo, for: 0) == [nil])
        #expect(try store.texts(.fifo) == ["g-1", "g-2", "g-3"])
    }

    @Test(arguments: StoreKind.underTest)
    func `groups that got ready at the same moment follow the order of their heads`(kind: StoreKind) throws {
        let store = try makeStore(kind)
        try store.sendToGroups(["z-1", "a-1", "m-1"])
        #expect(try store.texts(.fifo, timeout: 5) == ["z-1", "a-1", "m-1"])
        store.advance(seconds: 5)
        #expect(try store.texts(.fifo) == ["z-1", "a-1", "m-1"])
    }

    @Test(arguments: StoreKind.underTest)
    func `a queue's delay counts for what is already there`(kind: StoreKind) throws {
        let store = try makeStore(kind, [.delaySeconds: "10"])
        try store.sendToGroups(["g-1"])
        store.advance(seconds: 5)
        try store.sendToGroups(["g-2"])
        #expect(try store.counts(.fifo) == QueueCounts(delayed: 2))
        store.advance(seconds: 5)
        #expect(try store.texts(.fifo, timeout: 0) == ["g-1"])
        _ = store.takeHints()
        try store.set(.fifo, [.delaySeconds: "1"])
        #expect(store.takeHints()[.fifo]?.availableNow ?? 0 > 0)
        #expect(try store.texts(.fifo, timeout: 0) == ["g-1", "g-2"])
        try store.sendToGroups(["h-1"])
        try store.set(.fifo, [.delaySeconds: "900"])
        #expect(try store.counts(.fifo) == QueueCounts(visible: 2, delayed: 1))
    }

    @Test(arguments: StoreKind.underTest)
    func `only what was received counts as in flight, not what waits behind it`(kind: StoreKind) throws {
        let store = try makeStore(kind)
        try store.sendToGroups(["g-1", "g-2", "g-3"])
        try store.receive(.fifo, max: 1, timeout: 30)
        #expect(try store.counts(.fifo) == QueueCounts(visible: 2, inFlight: 1))
    }

    @Test(arguments: StoreKind.underTest)
    func `a receipt is refused once its hiding is over or the message was received again`(kind: StoreKind) throws {
        let store = try makeStore(kind)
        try store.sendToGroups(["g-1"])
        let first = try #require(try store.receive(.fifo, timeout: 5).first).receipt
        store.advance(seconds: 5)
        #expect(try store.delete([first], from: .fifo) == [.expired])
        #expect(try store.hide([first], of: .fifo, for: 9) == [.expired])
        let second = try #require(try store.receive(.fifo, timeout: 5).first).receipt
        #expect(try store.delete([first], from: .fifo) == [.expired])
        #expect(try store.hide([first], of: .fifo, for: 9) == [.expired])
        #expect(try store.delete([second, second], from: .fifo) == [nil, nil])
        #expect(try store.stored(.fifo) == [])
        #expect(try store.hide([second], of: .fifo, for: 9) == [.messageNotAvailable])
    }

    @Test(arguments: StoreKind.underTest)
    func `a receipt of a message past its retention deletes without an error`(kind: StoreKind) throws {
        let store = try makeStore(kind, [.messageRetentionPeriod: "60"])
        try store.sendToGroups(["g-1"])
        let receipt = try #require(try store.receive(.fifo, timeout: 5).first).receipt
        store.advance(seconds: 60)
        #expect(try store.delete([receipt], from: .fifo) == [nil])
    }

    @Test(arguments: StoreKind.underTest)
    func `sequence numbers grow, also over a purge and a new creation`(kind: StoreKind) throws {
        let store = try makeStore(kind)
        var numbers = try store.sendToGroups(["g-1", "h-1"]).compactMap(\.sequenceNumber)
        let received = try store.receive(.fifo)
        #expect(received.map(\.sequenceNumber) == numbers)
        _ = try store.delete(received.map(\.receipt), from: .fifo)
        numbers += try store.sendToGroups(["g-2"]).compactMap(\.sequenceNumber)
        try store.purge(.fifo)
        numbers += try store.sendToGroups(["g-3"]).compactMap(\.sequenceNumber)
        try store.delete(.fifo)
        try store.create(.fifo)
        numbers += try store.sendToGroups(["g-4"]).compactMap(\.sequenceNumber)
        #expect(numbers.count == 5)
        #expect(zip(numbers, numbers.dropFirst()).allSatisfy(<))
        #expect(numbers.allSatisfy { $0.text.utf8.count == 20 })
    }

    @Test(arguments: StoreKind.underTest)
    func `a dead letter of a FIFO queue enters the other as if sent now`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.fifoLetters, [.delaySeconds: "60"])
        try store.create(.fifo, [.redrivePolicy: store.redrive(to: .fifoLetters, after: 1)])
        let sent = try store.sendToGroups(["g-1", "g-2"])
        try store.receive(.fifo, max: 1, timeout: 5)
        store.advance(seconds: 5)
        #expect(try store.texts(.fifo) == ["g-2"])
        let letter = try #require(try store.receive(.fifoLetters).first)
        #expect(letter.messageId == sent[0].messageId)
        #expect(letter.sentAt == store.now)
        #expect(letter.receiveCount == 2)
        #expect(letter.deadLetterSource == .fifo)
        #expect(letter.content.messageGroupId == "g")
        #expect(letter.content.messageDeduplicationId == sent[0].messageId.text)
        // Its id there is another one, and in the source queue it is still known.
        #expect(try store.sendToGroups(["g-1"], to: .fifoLetters) != [sent[0]])
        #expect(try store.sendToGroups(["g-1"]) == [sent[0]])
    }

    @Test(arguments: StoreKind.underTest)
    func `a standard queue keeps MessageGroupId and makes nothing of it`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        for text in ["g-1", "g-2"] {
            var message = store.newMessage(MessageContent(text))
            message.content.messageGroupId = "g"
            _ = try store.send([message], to: .orders)[0].get()
        }
        #expect(try store.receive(.orders, max: 1, timeout: 30).map(\.content.messageGroupId) == ["g"])
        let second = try store.receive(.orders, timeout: 30)
        #expect(second.map(\.text) == ["g-2"])
        #expect(second.map(\.sequenceNumber) == [nil])
    }

    @Test(arguments: StoreKind.underTest)
    func `the listener hears of a group's head, not of what stands behind it`(kind: StoreKind) throws {
        let store = try makeStore(kind)
        try store.sendToGroups(["g-1", "h-1"])
        #expect(store.takeHints()[.fifo]?.availableNow == 2)
        let receipts = try store.receive(.fifo, max: 1, timeout: 30).map(\.receipt)
        #expect(store.takeHints()[.fifo]?.nextAvailableAt == store.now.adding(seconds: 30))
        try store.sendToGroups(["g-2"])
        #expect(store.takeHints()[.fifo] == nil)
        _ = try store.delete(receipts, from: .fifo)
        #expect(store.takeHints()[.fifo]?.availableNow == 1)
    }

    @Test(arguments: StoreKind.underTest)
    func `a receive tells when the next group gets ready`(kind: StoreKind) throws {
        let store = try makeStore(kind)
        try store.sendToGroups(["g-1", "g-2"])
        #expect(try store.receiveOutcome(.fifo, max: 1, timeout: 30).nextAvailableAt == store.now.adding(seconds: 30))
        try store.sendToGroups(["h-1"])
        let next = try store.receiveOutcome(.fifo, max: 1, timeout: 0).nextAvailableAt
        #expect(next.map { $0 <= store.now } == true)
    }
}
