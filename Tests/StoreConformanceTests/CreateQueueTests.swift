import QueueModel
import Testing

@Suite struct CreateQueueTests {
    @Test(arguments: StoreKind.underTest)
    func `a new queue has the defaults but for the given attributes`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        #expect(try store.create(.orders, [.visibilityTimeout: "7"]))
        let description = try store.describe(.orders)
        #expect(description.attributes == (try QueueAttributes().changed(by: [.visibilityTimeout: "7"])))
        #expect(description.createdAt == store.now)
        #expect(description.lastModifiedAt == store.now)
    }

    @Test(arguments: StoreKind.underTest)
    func `creating a queue again with equal values changes nothing`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.letters)
        let attributes: [QueueAttributeName: String] = [
            .delaySeconds: "5", .redrivePolicy: store.redrive(to: .letters, after: 3),
        ]
        try store.create(.orders, attributes)
        let before = try store.store.snapshot()
        store.advance(seconds: 10)
        #expect(try !store.create(.orders))
        #expect(try !store.create(.orders, [.delaySeconds: "5"]))
        #expect(try !store.create(.orders, attributes))
        #expect(try store.store.snapshot() == before)
    }

    @Test(arguments: StoreKind.underTest)
    func `values are compared by their meaning`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.letters)
        try store.create(.orders, [.delaySeconds: "5", .redrivePolicy: store.redrive(to: .letters, after: 3)])
        let spaced = #"{ "maxReceiveCount": "3", "deadLetterTargetArn": "arn:aws:sqs:us-east-1:000000000000:letters" }"#
        #expect(try !store.create(.orders, [.delaySeconds: "005", .redrivePolicy: spaced, .policy: ""]))
    }

    @Test(arguments: StoreKind.underTest)
    func `the first differing attribute by name is refused and nothing changes`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders, [.visibilityTimeout: "7"])
        let before = try store.store.snapshot()
        #expect(throws: StoreError.refused(.queueNameExists(differing: .messageRetentionPeriod))) {
            try store.create(
                .orders,
                [.visibilityTimeout: "8", .messageRetentionPeriod: "60", .delaySeconds: "0"]
            )
        }
        #expect(try store.store.snapshot() == before)
    }

    @Test(arguments: StoreKind.underTest)
    func `given values are compared with those in force now`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders, [.visibilityTimeout: "7"])
        try store.set(.orders, [.visibilityTimeout: "9"])
        #expect(try !store.create(.orders, [.visibilityTimeout: "9"]))
        #expect(throws: StoreError.refused(.queueNameExists(differing: .visibilityTimeout))) {
            try store.create(.orders, [.visibilityTimeout: "7"])
        }
    }

    @Test(arguments: StoreKind.underTest)
    func `a value out of range creates no queue`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        #expect(throws: StoreError.refused(.invalidAttributeValue(for: "DelaySeconds"))) {
            try store.create(.orders, [.delaySeconds: "901"])
        }
        #expect(try store.list().names == [])
    }

    @Test(arguments: StoreKind.underTest)
    func `a RedrivePolicy must name another queue of the same type that exists`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        let fifo = QueueName.named("letters.fifo")
        try store.create(fifo)
        func refusal(of target: QueueName, _ reason: String) -> StoreError {
            let json = store.redrive(to: target, after: 3)
            return .refused(.invalidParameterValue(json, for: "RedrivePolicy", reason: reason))
        }
        let missing = refusal(of: .letters, "Dead letter target does not exist.")
        let itself = refusal(of: .orders, "Dead letter target must not be the source queue itself.")
        let type = refusal(of: fifo, "Dead-letter queue must be same type of queue as the source.")
        for (target, error) in [(QueueName.letters, missing), (.orders, itself), (fifo, type)] {
            let policy = store.redrive(to: target, after: 3)
            #expect(throws: error) { try store.create(.orders, [.redrivePolicy: policy]) }
        }
        #expect(try store.list().names == [fifo])
        try store.create(.orders)
        for (target, error) in [(QueueName.letters, missing), (.orders, itself), (fifo, type)] {
            let policy = store.redrive(to: target, after: 3)
            #expect(throws: error) { try store.set(.orders, [.redrivePolicy: policy]) }
        }
        #expect(try store.describe(.orders).attributes == QueueAttributes())
    }

    @Test(arguments: StoreKind.underTest)
    func `a queue that is created again after its deletion starts empty and with new attributes`(
        kind: StoreKind
    ) throws {
        let store = try TestStore(kind)
        try store.create(.orders, [.delaySeconds: "5"])
        try store.send("old", to: .orders, delaySeconds: 0)
        try store.delete(.orders)
        store.advance(seconds: 1)
        #expect(try store.create(.orders))
        let description = try store.describe(.orders, includesCounts: true)
        #expect(description.attributes == QueueAttributes())
        #expect(description.createdAt == store.now)
        #expect(description.counts == QueueCounts())
        store.advance(seconds: 1_000)
        #expect(try store.texts(.orders) == [])
        #expect(try store.stored(.orders) == [])
    }
}
