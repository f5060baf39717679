import QueueModel
import Testing

@Suite struct DeduplicationTests {
    private func makeStore(_ kind: StoreKind, _ attributes: [QueueAttributeName: String] = [:]) throws -> TestStore {
        let store = try TestStore(kind)
        try store.create(.fifo, attributes)
        return store
    }

    @Test(arguments: StoreKind.underTest)
    func `a duplicate within five minutes is answered with the first one, also when that is gone`(
        kind: StoreKind
    ) throws {
        let store = try makeStore(kind)
        let first = try store.sendToGroups(["g-1"])
        #expect(try store.sendToGroups(["g-1"]) == first)
        _ = try store.delete(try store.receive(.fifo).map(\.receipt), from: .fifo)
        store.advance(milliseconds: 299_999)
        #expect(try store.sendToGroups(["g-1"]) == first)
        #expect(try store.stored(.fifo) == [])
        store.advance(milliseconds: 1)
        #expect(try store.sendToGroups(["g-1"]) != first)
        #expect(try store.stored(.fifo).count == 1)
    }

    @Test(arguments: StoreKind.underTest)
    func `duplicates within one batch are stored once`(kind: StoreKind) throws {
        let store = try makeStore(kind)
        let sent = try store.sendToGroups(["g-1", "g-1", "g-2"])
        #expect(sent[0] == sent[1])
        #expect(try store.texts(.fifo) == ["g-1", "g-2"])
    }

    /// Sends a message to a group, always with the same deduplication id.
    private func send(_ group: String, to store: TestStore) throws -> MessageID {
        let message = store.newMessage("a", group: group, deduplicationId: "x")
        return try store.send([message], to: .fifo)[0].get().messageId
    }

    @Test(arguments: StoreKind.underTest)
    func `an id counts for the queue, or for the group if the queue was created so`(kind: StoreKind) throws {
        let perQueue = try makeStore(kind)
        #expect(try send("g", to: perQueue) == send("h", to: perQueue))
        let perGroup = try makeStore(kind, [.deduplicationScope: "messageGroup"])
        let first = try send("g", to: perGroup)
        #expect(try send("h", to: perGroup) != first)
        #expect(try send("g", to: perGroup) == first)
    }

    @Test(arguments: StoreKind.underTest)
    func `after a change to messageGroup an id counts for the queue for 60 seconds more`(kind: StoreKind) throws {
        let store = try makeStore(kind)
        let first = try send("g", to: store)
        try store.set(.fifo, [.deduplicationScope: "messageGroup"])
        #expect(try store.describe(.fifo).attributes.deduplicationScope == .messageGroup)
        #expect(try send("h", to: store) == first)
        store.advance(milliseconds: 59_999)
        #expect(try send("h", to: store) == first)
        store.advance(milliseconds: 1)
        let second = try send("h", to: store)
        #expect(second != first)
        #expect(try send("g", to: store) != second)
        #expect(try send("h", to: store) == second)
    }

    @Test(arguments: StoreKind.underTest)
    func `after a change to queue an id counts for the group for 60 seconds more`(kind: StoreKind) throws {
        let store = try makeStore(kind, [.deduplicationScope: "messageGroup"])
        let first = try send("g", to: store)
        try store.set(.fifo, [.deduplicationScope: "queue"])
        #expect(try store.describe(.fifo).attributes.deduplicationScope == .queue)
        store.advance(milliseconds: 59_999)
        #expect(try send("g", to: store) == first)
        #expect(try send("h", to: store) != first)
        store.advance(milliseconds: 1)
        #expect(try send("g", to: store) == send("h", to: store))
    }

    @Test(arguments: StoreKind.underTest)
    func `a second change of the scope starts the time anew and keeps what is in force`(kind: StoreKind) throws {
        let store = try makeStore(kind)
        let first = try send("g", to: store)
        try store.set(.fifo, [.deduplicationScope: "messageGroup"])
        store.advance(seconds: 40)
        try store.set(.fifo, [.deduplicationScope: "queue"])
        store.advance(seconds: 10)
        try store.set(.fifo, [.deduplicationScope: "messageGroup"])
        // The same value and other attributes are no change of the scope.
        store.advance(seconds: 30)
        try store.set(.fifo, [.deduplicationScope: "messageGroup", .visibilityTimeout: "7"])
        store.advance(milliseconds: 29_999)
        #expect(try send("h", to: store) == first)
        store.advance(milliseconds: 1)
        #expect(try send("h", to: store) != first)
    }

    @Test(arguments: StoreKind.persistent)
    func `a changed scope waits for its time over a restart`(kind: StoreKind) throws {
        let store = try makeStore(kind)
        let first = try send("g", to: store)
        try store.set(.fifo, [.deduplicationScope: "messageGroup"])
        store.advance(seconds: 30)
        try store.restart()
        store.advance(milliseconds: 29_999)
        #expect(try send("h", to: store) == first)
        store.advance(milliseconds: 1)
        #expect(try send("h", to: store) != first)
    }

    @Test(arguments: StoreKind.underTest)
    func `the content's id counts only where the queue makes use of it`(kind: StoreKind) throws {
        let store = try makeStore(kind)
        var message = store.newMessage(MessageContent("a"))
        message.content.messageGroupId = "g"
        message.contentDeduplicationId = "digest"
        // One without an id has all refused that come with it.
        #expect {
            _ = try store.send([store.newMessage("b", group: "g"), message], to: .fifo)
        } throws: { error in
            guard case .refused(let error) = error as? StoreError else { return false }
            return error.code == "InvalidParameterValue"
        }
        #expect(try store.stored(.fifo) == [])
        try store.set(.fifo, [.contentBasedDeduplication: "true"])
        let first = try store.send([message], to: .fifo)[0].get()
        message.messageId = MessageID(high: 0x4000, low: 77)
        #expect(try store.send([message], to: .fifo)[0].get() == first)
        #expect(try store.receive(.fifo).map(\.content.messageDeduplicationId) == ["digest"])
        // An explicit id wins.
        #expect(try store.send([store.newMessage("a", group: "g")], to: .fifo)[0].get() != first)
    }

    @Test(arguments: StoreKind.underTest)
    func `a purge and a new creation forget the ids`(kind: StoreKind) throws {
        let store = try makeStore(kind)
        let first = try store.sendToGroups(["g-1"])
        try store.purge(.fifo)
        let second = try store.sendToGroups(["g-1"])
        #expect(second != first)
        try store.delete(.fifo)
        try store.create(.fifo)
        #expect(try store.sendToGroups(["g-1"]) != second)
        #expect(try store.stored(.fifo).count == 1)
    }

    @Test(arguments: StoreKind.persistent)
    func `ids, groups and receive attempts outlive a restart`(kind: StoreKind) throws {
        let store = try makeStore(kind)
        let sent = try store.sendToGroups(["g-1", "g-2", "h-1"])
        let received = try store.receive(attempt: "x", max: 1, timeout: 60)
        try store.restart()
        #expect(try store.sendToGroups(["g-1", "g-2", "h-1"]) == sent)
        #expect(try store.receive(attempt: "x", max: 1, timeout: 60) == received)
        #expect(try store.texts(.fifo) == ["h-1"])
    }
}
