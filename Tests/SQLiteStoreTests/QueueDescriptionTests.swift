import QueueModel
import SQLiteStore
import Testing

/// What is kept with a queue besides its messages.
@Suite struct QueueDescriptionTests {
    let directory = TemporaryDirectory()
    let clock = HandClock()
    let orders = queueName("orders")
    let ordersArn = QueueARN(region: "us-east-1", account: "000000000000", queue: queueName("orders"))

    func open() throws -> SQLiteStore {
        try SQLiteStore(directory: directory.path, clock: clock, logger: LogLines().logger) { Issue.record($0) }
    }

    func description(_ store: SQLiteStore) throws -> QueueDescription {
        let command = DescribeQueueCommand(queue: orders, includesCounts: false)
        guard case .success(.describedQueue(let description)) = store.apply(.describeQueue(command)) else {
            throw StoreError.queueDoesNotExist
        }
        return description
    }

    @Test func `tags are there after a restart as they were set, replaced and removed`() throws {
        let first = try open()
        let created = CreateQueueCommand(queue: orders, tags: ["team": "a", "stage": "test", "": "empty key"])
        _ = first.apply([
            .createQueue(created),
            .tagQueue(TagQueueCommand(queue: orders, tags: ["team": "b \"quoted\" é", "cost": "1"])),
            .untagQueue(UntagQueueCommand(queue: orders, tagKeys: ["stage", "", "missing"])),
        ])
        first.close()
        let second = try open()
        defer { second.close() }
        let tags = try description(second).tags
        #expect(tags == ["team": "b \"quoted\" é", "cost": "1"])
        #expect(try second.snapshot().queues[orders]?.description.tags == tags)
    }

    @Test func `too many tags change nothing`() throws {
        let store = try open()
        defer { store.close() }
        let many = QueueTags((0..<50).map { ("key\($0)", "value") })
        _ = store.apply(.createQueue(CreateQueueCommand(queue: orders, tags: many)))
        let result = store.apply(.tagQueue(TagQueueCommand(queue: orders, tags: ["key0": "new", "another": ""])))
        guard case .failure(.refused(let error)) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(error.code == "InvalidParameterValue")
        #expect(try description(store).tags == many)
    }

    @Test func `permissions are statements of the Policy after a restart, and the last one takes it away`() throws {
        func add(_ label: String) -> Command {
            .addPermission(
                AddPermissionCommand(
                    queue: orders,
                    label: label,
                    awsAccountIds: ["123456789012"],
                    actions: ["SendMessage"],
                    queueArn: ordersArn
                )
            )
        }
        let first = try open()
        _ = first.apply(.createQueue(CreateQueueCommand(queue: orders)))
        clock.advance(seconds: 5)
        #expect(first.apply([add("one"), add("two")]) == [.success(.addedPermission), .success(.addedPermission)])
        first.close()

        let second = try open()
        defer { second.close() }
        let before = try description(second)
        #expect(before.lastModifiedAt == clock.now())
        let policy = try #require(before.attributes.policy)
        #expect(policy.contains(#""Sid":"one""#) && policy.contains(#""Sid":"two""#))
        guard case .failure(.refused) = second.apply(add("two")) else {
            Issue.record("a label stands twice")
            return
        }
        let remove = ["one", "two"].map { Command.removePermission(RemovePermissionCommand(queue: orders, label: $0)) }
        #expect(second.apply(remove) == [.success(.removedPermission), .success(.removedPermission)])
        #expect(try description(second).attributes.policy == nil)
    }

    @Test func `a second purge within the interval is refused, after a restart too`() throws {
        let purge = Command.purgeQueue(PurgeQueueCommand(queue: orders, intervalSeconds: 60))
        let first = try open()
        _ = first.apply(.createQueue(CreateQueueCommand(queue: orders)))
        #expect(first.apply(purge) == .success(.purgedQueue))
        first.close()
        clock.advance(seconds: 59)
        let second = try open()
        defer { second.close() }
        _ = second.apply(send(orders, "kept"))
        #expect(second.apply(purge) == .failure(.refused(.purgeQueueInProgress(queue: orders))))
        #expect(try second.snapshot().queues[orders]?.messages.count == 1)
        clock.advance(seconds: 1)
        #expect(second.apply(purge) == .success(.purgedQueue))
        #expect(second.apply(.purgeQueue(PurgeQueueCommand(queue: orders))) == .success(.purgedQueue))
    }

    @Test func `a deleted queue's name is taken for the delay, after a restart too`() throws {
        let create = Command.createQueue(CreateQueueCommand(queue: orders, recreationDelaySeconds: 60))
        let first = try open()
        #expect(first.apply(create) == .success(.createdQueue(isNew: true)))
        _ = first.apply(.deleteQueue(orders))
        first.close()
        clock.advance(seconds: 59)
        let second = try open()
        defer { second.close() }
        #expect(second.apply(create) == .failure(.refused(.queueDeletedRecently)))
        clock.advance(seconds: 1)
        #expect(second.apply(create) == .success(.createdQueue(isNew: true)))
    }

    @Test func `the sweep forgets the names of deleted queues`() throws {
        let store = try open()
        defer { store.close() }
        let names = (0..<5).map { queueName("orders-\($0)") }
        _ = store.apply(names.map { .createQueue(CreateQueueCommand(queue: $0)) })
        _ = store.apply(names.map { .deleteQueue($0) })
        while store.apply(.sweep(SweepCommand(rowsMax: 2))) == .success(.swept(hasMore: true)) {}
        let create = Command.createQueue(CreateQueueCommand(queue: names[0], recreationDelaySeconds: 7_200))
        clock.advance(seconds: 3_599)
        _ = store.apply(.sweep(SweepCommand(rowsMax: 2)))
        #expect(store.apply(create) == .failure(.refused(.queueDeletedRecently)))
        clock.advance(seconds: 1)
        while store.apply(.sweep(SweepCommand(rowsMax: 2))) == .success(.swept(hasMore: true)) {}
        #expect(store.apply(create) == .success(.createdQueue(isNew: true)))
    }

    @Test func `sources of a dead-letter queue are listed in pages and follow changes`() throws {
        let store = try open()
        defer { store.close() }
        let policy = #"{"deadLetterTargetArn":"\#(ordersArn.text)","maxReceiveCount":3}"#
        let sources = ["b", "a", "c"].map(queueName)
        _ = store.apply(.createQueue(CreateQueueCommand(queue: orders)))
        _ = store.apply(
            sources.map { .createQueue(CreateQueueCommand(queue: $0, attributes: [.redrivePolicy: policy])) }
        )
        func list(after: QueueName? = nil, limit: Int) -> Result<Outcome, StoreError> {
            let command = ListDeadLetterSourceQueuesCommand(queue: orders, after: after, limit: limit)
            return store.apply(.listDeadLetterSourceQueues(command))
        }
        func page(_ names: [String], hasMore: Bool = false) -> Result<Outcome, StoreError> {
            .success(.listedDeadLetterSourceQueues(ListedQueues(names: names.map(queueName), hasMore: hasMore)))
        }
        #expect(list(limit: 2) == page(["a", "b"], hasMore: true))
        #expect(list(after: queueName("b"), limit: 2) == page(["c"]))
        let without = SetQueueAttributesCommand(queue: queueName("a"), changes: [.redrivePolicy: ""])
        _ = store.apply([.setQueueAttributes(without), .deleteQueue(queueName("c"))])
        #expect(list(limit: 10) == page(["b"]))
    }
}
