import QueueModel
import Testing

/// Tags, permissions, and the listing of the queues that name a dead-letter queue.
@Suite struct QueueTagsAndPolicyTests {
    @Test(arguments: StoreKind.underTest)
    func `tags are set, replaced and removed, and their keys' case counts`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.tag(.orders, ["team": "a", "Team": ""])
        try store.tag(.orders, ["team": "b"])
        #expect(try store.describe(.orders).tags == ["team": "b", "Team": ""])
        try store.untag(.orders, ["Team", "unknown"])
        #expect(try store.describe(.orders).tags == ["team": "b"])
        #expect(throws: StoreError.queueDoesNotExist) { try store.tag(.other, ["a": "b"]) }
        #expect(throws: StoreError.queueDoesNotExist) { try store.untag(.other, ["a"]) }
    }

    @Test(arguments: StoreKind.underTest)
    func `keys that only Unicode calls equal are two`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.tag(.orders, ["\u{E9}": "one letter", "e\u{301}": "letter and accent"])
        #expect(try store.describe(.orders).tags.count == 2)
        try store.untag(.orders, ["e\u{301}"])
        #expect(try store.describe(.orders).tags == ["\u{E9}": "one letter"])
    }

    @Test(arguments: StoreKind.underTest)
    func `a policy that only Unicode calls equal is another one`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        func create(_ letter: String) throws -> Outcome {
            let policy = #"{"Statement":{"Sid":"\#(letter)","Effect":"Deny","Principal":"*","Action":"*"}}"#
            return try store.perform(.createQueue(CreateQueueCommand(queue: .orders, attributes: [.policy: policy])))
        }
        #expect(try create("\u{E9}") == .createdQueue(isNew: true))
        #expect(try create("\u{E9}") == .createdQueue(isNew: false))
        #expect(throws: StoreError.self) { try create("e\u{301}") }
    }

    @Test(arguments: StoreKind.underTest)
    func `only a new queue gets the tags of its creation`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        for (tags, isNew) in [(["a": "1"], true), (["b": "2"], false)] as [(QueueTags, Bool)] {
            let outcome = try store.perform(.createQueue(CreateQueueCommand(queue: .orders, tags: tags)))
            #expect(outcome == .createdQueue(isNew: isNew))
        }
        #expect(try store.describe(.orders).tags == ["a": "1"])
    }

    @Test(arguments: StoreKind.underTest)
    func `the fifty-first tag is refused, and with it all of its request`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        let tags = QueueTags((1...49).map { ("\($0)", "") })
        try store.tag(.orders, tags)
        #expect(throws: StoreError.self) { try store.tag(.orders, ["x": "", "y": ""]) }
        #expect(try store.describe(.orders).tags == tags)
        try store.tag(.orders, ["x": "", "1": "one"])
        #expect(try store.describe(.orders).tags.count == 50)
    }

    @Test(arguments: StoreKind.underTest)
    func `permissions are statements of the policy, and the last one removed takes it away`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        store.advance(seconds: 5)
        try store.addPermission("one", to: .orders)
        let policy = try #require(try store.describe(.orders).attributes.policy)
        #expect(policy.contains(#""Sid":"one""#))
        #expect(try store.describe(.orders).lastModifiedAt == store.now)
        #expect(throws: StoreError.self) { try store.addPermission("one", to: .orders) }
        try store.addPermission("two", to: .orders)
        #expect(throws: StoreError.self) { try store.removePermission("three", from: .orders) }
        try store.removePermission("two", from: .orders)
        #expect(try store.describe(.orders).attributes.policy == policy)
        try store.removePermission("one", from: .orders)
        #expect(try store.describe(.orders).attributes.policy == nil)
    }

    @Test(arguments: StoreKind.underTest)
    func `the queues that name a dead-letter queue are listed in pages`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.letters)
        let names = ["a", "b", "c"].map(QueueName.named)
        for name in names {
            try store.create(name, [.redrivePolicy: store.redrive(to: .letters, after: 3)])
        }
        try store.create(.other)
        #expect(try store.sources(of: .letters) == ListedQueues(names: names, hasMore: false))
        #expect(try store.sources(of: .letters, limit: 2) == ListedQueues(names: [names[0], names[1]], hasMore: true))
        #expect(
            try store.sources(of: .letters, after: names[1], limit: 2)
                == ListedQueues(names: [names[2]], hasMore: false)
        )
        try store.set(names[0], [.redrivePolicy: ""])
        try store.delete(names[1])
        #expect(try store.sources(of: .letters).names == [names[2]])
        #expect(throws: StoreError.queueDoesNotExist) { try store.sources(of: .orders) }
    }

    @Test(arguments: StoreKind.underTest)
    func `a second purge waits if it is asked to`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        func purge(intervalSeconds: Int) throws {
            _ = try store.perform(.purgeQueue(PurgeQueueCommand(queue: .orders, intervalSeconds: intervalSeconds)))
        }
        try purge(intervalSeconds: 60)
        try store.send("a", to: .orders)
        store.advance(milliseconds: 59_999)
        let refusal = StoreError.refused(.purgeQueueInProgress(queue: .orders))
        #expect(throws: refusal) { try purge(intervalSeconds: 60) }
        #expect(try store.stored(.orders).count == 1)
        try purge(intervalSeconds: 0)
        #expect(try store.stored(.orders) == [])
        store.advance(milliseconds: 1)
        #expect(throws: refusal) { try purge(intervalSeconds: 60) }
    }

    @Test(arguments: StoreKind.underTest)
    func `a name is free again after a while if that is asked for, and at once if not`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        func create(delaySeconds: Int) throws {
            let command = CreateQueueCommand(queue: .orders, recreationDelaySeconds: delaySeconds)
            _ = try store.perform(.createQueue(command))
        }
        try create(delaySeconds: 60)
        try store.delete(.orders)
        store.advance(milliseconds: 59_999)
        #expect(throws: StoreError.refused(.queueDeletedRecently)) { try create(delaySeconds: 60) }
        store.advance(milliseconds: 1)
        try create(delaySeconds: 60)
        try store.delete(.orders)
        try create(delaySeconds: 0)
        try create(delaySeconds: 60)
    }

    @Test(arguments: StoreKind.persistent)
    func `tags, purges and deletions are remembered over a restart`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.create(.other)
        try store.tag(.orders, ["a": "\u{E9}", "\u{E9}": "", "e\u{301}": ""])
        try store.purge(.orders)
        try store.delete(.other)
        try store.restart()
        #expect(try store.describe(.orders).tags == ["a": "\u{E9}", "\u{E9}": "", "e\u{301}": ""])
        #expect(throws: StoreError.refused(.purgeQueueInProgress(queue: .orders))) {
            try store.perform(.purgeQueue(PurgeQueueCommand(queue: .orders, intervalSeconds: 60)))
        }
        #expect(throws: StoreError.refused(.queueDeletedRecently)) {
            try store.perform(.createQueue(CreateQueueCommand(queue: .other, recreationDelaySeconds: 60)))
        }
    }
}
