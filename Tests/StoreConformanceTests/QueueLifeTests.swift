import QueueModel
import Testing

@Suite struct QueueLifeTests {
    @Test(arguments: StoreKind.underTest)
    func `setting attributes changes those that are named and the time of the last change`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders, [.delaySeconds: "5", .visibilityTimeout: "7"])
        let createdAt = store.now
        store.advance(seconds: 3)
        try store.set(.orders, [.visibilityTimeout: "8", .receiveMessageWaitTimeSeconds: "20"])
        let description = try store.describe(.orders)
        let expected: [QueueAttributeName: String] = [
            .delaySeconds: "5", .visibilityTimeout: "8", .receiveMessageWaitTimeSeconds: "20",
        ]
        #expect(description.attributes == (try QueueAttributes().changed(by: expected)))
        #expect(description.createdAt == createdAt)
        #expect(description.lastModifiedAt == store.now)
    }

    @Test(arguments: StoreKind.underTest)
    func `of several changes all are made or none`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        let before = try store.describe(.orders)
        store.advance(seconds: 3)
        #expect(throws: StoreError.refused(.invalidAttributeValue(for: "VisibilityTimeout"))) {
            try store.set(.orders, [.delaySeconds: "8", .visibilityTimeout: "43201"])
        }
        #expect(try store.describe(.orders) == before)
    }

    @Test(arguments: StoreKind.underTest)
    func `an empty value takes a RedrivePolicy away`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.letters)
        try store.create(.orders, [.redrivePolicy: store.redrive(to: .letters, after: 1)])
        try store.set(.orders, [.redrivePolicy: ""])
        #expect(try store.describe(.orders).attributes.redrivePolicy == nil)
        try store.send("a", to: .orders)
        for count in 1...3 {
            #expect(try store.receive(.orders, timeout: 0).map(\.receiveCount) == [count])
        }
    }

    @Test(arguments: StoreKind.underTest)
    func `every command on a missing queue says that it does not exist`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.other)
        let receipt = Receipt(locator: 1 << 40 | 1, receiveCount: 1, receivedAt: store.now)
        let commands: [Command] = [
            .deleteQueue(.orders),
            .purgeQueue(PurgeQueueCommand(queue: .orders)),
            .setQueueAttributes(SetQueueAttributesCommand(queue: .orders, changes: [:])),
            .describeQueue(DescribeQueueCommand(queue: .orders, includesCounts: true)),
            .sendMessages(SendMessagesCommand(queue: .orders, messages: [store.newMessage(MessageContent("a"))])),
            .receiveMessages(ReceiveMessagesCommand(queue: .orders)),
            .deleteMessages(DeleteMessagesCommand(queue: .orders, receipts: [receipt])),
            .changeMessageVisibility(
                ChangeMessageVisibilityCommand(
                    queue: .orders,
                    entries: [.init(receipt: receipt, visibilityTimeoutSeconds: 1)]
                )
            ),
        ]
        for command in commands {
            #expect(store.store.apply(command) == .failure(.queueDoesNotExist), "\(command)")
        }
        try store.create(.orders)
        try store.delete(.orders)
        for command in commands {
            #expect(store.store.apply(command) == .failure(.queueDoesNotExist), "\(command)")
        }
    }

    @Test(arguments: StoreKind.underTest)
    func `a message is counted as visible or in flight or delayed`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        #expect(try store.describe(.orders).counts == nil)
        #expect(try store.counts(.orders) == QueueCounts())
        try store.send(count: 3, to: .orders)
        try store.send("delayed", to: .orders, delaySeconds: 20)
        #expect(try store.counts(.orders) == QueueCounts(visible: 3, delayed: 1))
        let received = try store.receive(.orders, max: 2, timeout: 10)
        #expect(try store.counts(.orders) == QueueCounts(visible: 1, inFlight: 2, delayed: 1))
        _ = try store.delete([received[0].receipt], from: .orders)
        #expect(try store.counts(.orders) == QueueCounts(visible: 1, inFlight: 1, delayed: 1))
        store.advance(seconds: 9, milliseconds: 999)
        #expect(try store.counts(.orders) == QueueCounts(visible: 1, inFlight: 1, delayed: 1))
        store.advance(milliseconds: 1)
        #expect(try store.counts(.orders) == QueueCounts(visible: 2, delayed: 1))
        store.advance(seconds: 10)
        #expect(try store.counts(.orders) == QueueCounts(visible: 3))
        _ = try store.hide([received[1].receipt], of: .orders, for: 5)
        #expect(try store.counts(.orders) == QueueCounts(visible: 2, inFlight: 1))
        _ = try store.hide([received[1].receipt], of: .orders, for: 0)
        #expect(try store.counts(.orders) == QueueCounts(visible: 3))
    }

    @Test(arguments: StoreKind.underTest)
    func `listing goes by name with prefix and pages and says whether more follow`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        let names = ["a-1", "B", "a", "b_2", "a-10", "a_1", "ab"].map(QueueName.named)
        for name in names { try store.create(name) }
        let byBytes = ["B", "a", "a-1", "a-10", "a_1", "ab", "b_2"].map(QueueName.named)
        #expect(try store.list() == ListedQueues(names: byBytes, hasMore: false))
        let prefixed = ["a-1", "a-10"].map(QueueName.named)
        #expect(try store.list(prefix: "a-", limit: 2) == ListedQueues(names: prefixed, hasMore: false))
        #expect(try store.list(limit: 6) == ListedQueues(names: Array(byBytes.prefix(6)), hasMore: true))
        #expect(try store.list(limit: 7).hasMore == false)
        let rest = try store.list(prefix: "a", after: .named("a-1"), limit: 2)
        #expect(rest == ListedQueues(names: ["a-10", "a_1"].map(QueueName.named), hasMore: true))
        #expect(try store.list(after: .named("aa"), limit: 10).names == ["ab", "b_2"].map(QueueName.named))
        #expect(try store.list(prefix: "%").names == [])
        #expect(try store.list(prefix: "a_").names == [.named("a_1")])
        try store.delete(.named("a-10"))
        #expect(try store.list(prefix: "a-").names == [.named("a-1")])
    }

    @Test(arguments: StoreKind.underTest)
    func `a purge empties a queue and changes nothing else`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders, [.delaySeconds: "1"])
        try store.create(.other)
        let before = try store.describe(.orders)
        try store.send("in flight", to: .orders, delaySeconds: 0)
        try store.receive(.orders)
        try store.send("visible", to: .orders, delaySeconds: 0)
        try store.send("delayed", to: .orders, delaySeconds: 900)
        try store.send("elsewhere", to: .other)
        store.advance(seconds: 2)
        try store.purge(.orders)
        #expect(try store.counts(.orders) == QueueCounts())
        #expect(try store.stored(.orders) == [])
        #expect(try store.describe(.orders) == before)
        store.advance(seconds: 900)
        #expect(try store.texts(.orders) == [])
        #expect(try store.texts(.other) == ["elsewhere"])
        try store.send("new", to: .orders)
        store.advance(seconds: 1)
        #expect(try store.texts(.orders) == ["new"])
    }

    @Test(arguments: StoreKind.underTest)
    func `a deleted queue is gone and the others stay`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.create(.other)
        try store.send("a", to: .orders)
        try store.send("b", to: .other)
        try store.delete(.orders)
        #expect(try store.list().names == [.other])
        #expect(try store.store.snapshot().queues.keys.sorted() == [.other])
        #expect(try store.texts(.other) == ["b"])
    }
}
