import Dispatch
import QueueModel
import Synchronization
import Testing

@Suite struct SubmissionTests {
    private func send(_ text: String, _ number: UInt64) -> Command {
        let message = NewMessage(messageId: MessageID(high: 1, low: number), content: MessageContent(text))
        return .sendMessages(SendMessagesCommand(queue: .orders, messages: [message]))
    }

    @Test(arguments: StoreKind.underTest)
    func `commands of one batch see each other's effects in order`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        let outcomes = store.store.apply([
            .receiveMessages(ReceiveMessagesCommand(queue: .orders)),
            .createQueue(CreateQueueCommand(queue: .orders)),
            .createQueue(CreateQueueCommand(queue: .orders)),
            send("a", 1),
            .receiveMessages(ReceiveMessagesCommand(queue: .orders, maxNumberOfMessages: 10)),
            .purgeQueue(PurgeQueueCommand(queue: .orders)),
            send("b", 2),
            .describeQueue(DescribeQueueCommand(queue: .orders, includesCounts: true)),
            .deleteQueue(.orders),
            .deleteQueue(.orders),
        ])
        try #require(outcomes.count == 10)
        #expect(outcomes[0] == .failure(.queueDoesNotExist))
        #expect(outcomes[1] == .success(.createdQueue(isNew: true)))
        #expect(outcomes[2] == .success(.createdQueue(isNew: false)))
        guard case .success(.receivedMessages(let received)) = outcomes[4] else {
            Issue.record("\(outcomes[4])")
            return
        }
        #expect(received.messages.map(\.text) == ["a"])
        guard case .success(.describedQueue(let description)) = outcomes[7] else {
            Issue.record("\(outcomes[7])")
            return
        }
        #expect(description.counts == QueueCounts(visible: 1))
        #expect(outcomes[8] == .success(.deletedQueue))
        #expect(outcomes[9] == .failure(.queueDoesNotExist))
    }

    @Test(arguments: StoreKind.underTest)
    func `a refused command leaves the others of its batch as they are`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        let outcomes = store.store.apply([
            .createQueue(CreateQueueCommand(queue: .orders)),
            .createQueue(CreateQueueCommand(queue: .orders, attributes: [.delaySeconds: "1"])),
            .createQueue(CreateQueueCommand(queue: .other, attributes: [.delaySeconds: "x"])),
            send("a", 1),
        ])
        #expect(outcomes[1] == .failure(.refused(.queueNameExists(differing: .delaySeconds))))
        #expect(outcomes[2] == .failure(.refused(.invalidAttributeValue(for: "DelaySeconds"))))
        #expect(try store.list().names == [.orders])
        #expect(try store.texts(.orders) == ["a"])
    }

    @Test(arguments: StoreKind.underTest)
    func `what nobody waits for any more is not carried out`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.send("a", to: .orders)
        let outcomes = Gathered<Result<Outcome, StoreError>>()
        let receive = Command.receiveMessages(ReceiveMessagesCommand(queue: .orders))
        store.store.submit([
            Submission(receive, isAbandoned: { true }) { outcomes.append($0) },
            Submission(.purgeQueue(PurgeQueueCommand(queue: .orders)), isAbandoned: { true }) { outcomes.append($0) },
            Submission(send("b", 2), isAbandoned: { false }) { outcomes.append($0) },
        ])
        #expect(try store.receive(.orders).map(\.receiveCount) == [1, 1])
        let sent = Outcome.sentMessages([.success(SentMessage(messageId: MessageID(high: 1, low: 2)))])
        #expect(outcomes.take() == [.failure(.abandoned), .failure(.abandoned), .success(sent)])
    }

    @Test(arguments: StoreKind.underTest)
    func `outcomes are told once each and in the order of the commands`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        let told = Gathered<Int>()
        for start in stride(from: 0, to: 100, by: 10) {
            store.store.submit(
                (start..<start + 9).map { number in
                    Submission(send("a", UInt64(number))) { _ in told.append(number) }
                }
            )
            store.store.submit(Submission(.probe) { _ in told.append(start + 9) })
        }
        _ = try store.list()
        #expect(told.take() == Array(0..<100))
    }

    @Test(arguments: StoreKind.underTest)
    func `a completion and the listener may submit again`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        let texts = Gathered<String>()
        let isDone = DispatchSemaphore(value: 0)
        let inner = store.store
        let receive = Submission(.receiveMessages(ReceiveMessagesCommand(queue: .orders))) { outcome in
            if case .success(.receivedMessages(let received)) = outcome {
                for message in received.messages { texts.append(message.text) }
            }
            isDone.signal()
        }
        inner.setAvailabilityListener { hint in
            if hint.availableNow > 0 { inner.submit(receive) }
        }
        let second = send("second", 2)
        inner.submit(
            Submission(send("first", 1)) { _ in
                inner.submit(Submission(second) { _ in })
            }
        )
        isDone.wait()
        isDone.wait()
        #expect(texts.take() == ["first", "second"])
    }

    @Test(arguments: StoreKind.underTest)
    func `several threads send and receive every message once`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        let received = Gathered<MessageID>()
        let inner = store.store
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            for number in 0..<50 {
                _ = inner.apply(send("a", UInt64(thread * 50 + number)))
                let outcome = inner.apply(.receiveMessages(ReceiveMessagesCommand(queue: .orders)))
                if case .success(.receivedMessages(let messages)) = outcome {
                    for message in messages.messages { received.append(message.messageId) }
                }
            }
        }
        let ids = received.take()
        #expect(ids.count == 200)
        #expect(Set(ids).count == 200)
    }

    @Test(arguments: StoreKind.underTest)
    func `a chore is leased to one holder until the time is over`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        #expect(try store.lease("sweep", for: "a", seconds: 10))
        #expect(try !store.lease("sweep", for: "b", seconds: 10))
        #expect(try store.lease("mirror", for: "b", seconds: 10))
        store.advance(seconds: 5)
        #expect(try store.lease("sweep", for: "a", seconds: 10))
        store.advance(seconds: 9, milliseconds: 999)
        #expect(try !store.lease("sweep", for: "b", seconds: 10))
        store.advance(milliseconds: 1)
        #expect(try store.lease("sweep", for: "b", seconds: 10))
        #expect(try !store.lease("sweep", for: "a", seconds: 10))
    }

    @Test(arguments: StoreKind.underTest)
    func `a probe is answered`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        for _ in 1...3 {
            #expect(store.store.apply(.probe) == .success(.probed))
            store.advance(seconds: 2)
        }
    }
}
