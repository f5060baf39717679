import QueueModel
import Testing

@Suite struct MessageMoveTaskTests {
    /// A store in which messages `1` to `count` have gone from `orders` to `letters`.
    private func makeStore(_ kind: StoreKind, count: Int) throws -> TestStore {
        let store = try TestStore(kind)
        try store.create(.letters)
        try store.create(.orders, [.redrivePolicy: store.redrive(to: .letters, after: 1)])
        try store.send(count: count, to: .orders)
        try store.receive(.orders, timeout: 0)
        try store.receive(.orders, timeout: 0)
        #expect(try store.stored(.letters).count == count)
        store.advance(seconds: 1)
        return store
    }

    private func refusal(_ work: () throws -> Void) -> SQSError? {
        do {
            try work()
            return nil
        } catch StoreError.refused(let error) {
            return error
        } catch {
            Issue.record("\(error)")
            return nil
        }
    }

    @Test(arguments: StoreKind.underTest)
    func `a moved message is a new one in the queue it came from`(kind: StoreKind) throws {
        let store = try makeStore(kind, count: 2)
        let former = try store.stored(.letters)
        try store.startTask(1, from: .letters)
        #expect(try store.move(1) == MovedMessages(count: 2, isRunning: false))
        #expect(try store.stored(.letters) == [])
        let messages = try store.stored(.orders)
        #expect(messages.map(\.content) == former.map(\.content))
        #expect(Set(messages.map(\.messageId)).isDisjoint(with: former.map(\.messageId)))
        #expect(messages.map(\.sentAt) == [store.now, store.now])
        #expect(messages.map(\.receiveCount) == [0, 0])
        #expect(messages.map(\.deadLetterSource) == [nil, nil])
        let task = try #require(try store.tasks(of: .letters).first)
        #expect(task.status == .completed)
        #expect((task.movedCount, task.toMoveCount) == (2, 2))
    }

    @Test(arguments: StoreKind.underTest)
    func `a task goes on in steps and moves only what stood there when it began`(kind: StoreKind) throws {
        let store = try makeStore(kind, count: 3)
        try store.startTask(1, from: .letters)
        try store.send("late", to: .letters)
        #expect(try store.move(1, max: 2) == MovedMessages(count: 2, isRunning: true))
        #expect(try store.tasks(of: nil).map(\.movedCount) == [2])
        #expect(try store.move(1, max: 2) == MovedMessages(count: 1, isRunning: false))
        #expect(try store.move(1) == MovedMessages(count: 0, isRunning: false))
        #expect(try store.texts(.letters) == ["late"])
        #expect(try store.tasks(of: nil) == [])
    }

    @Test(arguments: StoreKind.underTest)
    func `a chosen destination gets all, and its delay counts`(kind: StoreKind) throws {
        let store = try makeStore(kind, count: 2)
        try store.create(.other, [.delaySeconds: "10"])
        try store.startTask(1, from: .letters, to: .other)
        _ = store.takeHints()
        _ = try store.move(1)
        #expect(store.takeHints()[.other]?.nextAvailableAt == store.now.adding(seconds: 10))
        #expect(try store.counts(.other) == QueueCounts(delayed: 2))
        store.advance(seconds: 10)
        #expect(try store.texts(.other) == ["1", "2"])
    }

    @Test(arguments: StoreKind.underTest)
    func `what is in flight stays`(kind: StoreKind) throws {
        let store = try makeStore(kind, count: 2)
        try store.receive(.letters, max: 1, timeout: 60)
        try store.startTask(1, from: .letters)
        #expect(try store.move(1) == MovedMessages(count: 1, isRunning: false))
        #expect(try store.counts(.letters) == QueueCounts(inFlight: 1))
        #expect(try store.tasks(of: .letters).map(\.toMoveCount) == [2])
    }

    @Test(arguments: StoreKind.underTest)
    func `a start is refused from no dead-letter queue, to no such queue, and while one runs`(kind: StoreKind) throws {
        let store = try makeStore(kind, count: 1)
        try store.create(.fifo)
        #expect(refusal { try store.startTask(1, from: .orders) } == .sourceMustBeDeadLetterQueue)
        #expect(
            refusal { try store.startTask(1, from: .letters, to: .other) } == .resourceNotFound("DestinationArn")
        )
        #expect(refusal { try store.startTask(1, from: .letters, to: .fifo) } == .destinationMustBeOfSameType)
        #expect(throws: StoreError.queueDoesNotExist) { try store.startTask(1, from: .other) }
        try store.startTask(1, from: .letters)
        #expect(refusal { try store.startTask(2, from: .letters) } == .taskAlreadyRunning)
        _ = try store.move(1)
        #expect(refusal { try store.startTask(2, from: .letters) } == nil)
    }

    @Test(arguments: StoreKind.underTest)
    func `a cancelled task keeps what it has moved and moves no more`(kind: StoreKind) throws {
        let store = try makeStore(kind, count: 3)
        try store.startTask(1, from: .letters)
        _ = try store.move(1, max: 1)
        #expect(throws: StoreError.refused(.taskDoesNotExist)) { try store.cancelTask(1, of: .orders) }
        #expect(throws: StoreError.queueDoesNotExist) { try store.cancelTask(1, of: .other) }
        #expect(try store.cancelTask(1, of: .letters) == 1)
        #expect(throws: StoreError.refused(.taskDoesNotExist)) { try store.cancelTask(1, of: .letters) }
        #expect(try store.move(1) == MovedMessages(count: 0, isRunning: false))
        #expect(try store.tasks(of: .letters).map(\.status) == [.cancelled])
        #expect(try store.stored(.letters).count == 2)
    }

    @Test(arguments: StoreKind.underTest)
    func `a task fails when a queue is gone or a message came from none`(kind: StoreKind) throws {
        let store = try makeStore(kind, count: 1)
        try store.startTask(1, from: .letters)
        try store.delete(.orders)
        #expect(try store.move(1) == MovedMessages(count: 0, isRunning: false))
        #expect(
            try store.tasks(of: .letters).map(\.failureReason) == ["AWS.SimpleQueueService.NonExistentQueue"]
        )
        try store.create(.orders, [.redrivePolicy: store.redrive(to: .letters, after: 1)])
        try store.send("a", to: .letters)
        try store.startTask(2, from: .letters)
        #expect(try store.move(2) == MovedMessages(count: 1, isRunning: false))
        #expect(try store.tasks(of: .letters).map(\.status) == [.failed, .failed])
        #expect(try store.tasks(of: .letters).first?.failureReason == "CouldNotDetermineMessageSource")
        try store.startTask(3, from: .letters, to: .orders)
        try store.purge(.letters)
        #expect(try store.move(3) == MovedMessages(count: 0, isRunning: false))
        #expect(try store.tasks(of: .letters).first?.status == .completed)
    }

    @Test(arguments: StoreKind.underTest)
    func `the last ten tasks of a queue are listed, the newest first`(kind: StoreKind) throws {
        let store = try makeStore(kind, count: 1)
        for number in 1...12 {
            try store.startTask(UInt64(number), from: .letters)
            _ = try store.move(UInt64(number))
        }
        #expect(try store.tasks(of: .letters).map(\.id) == (3...12).reversed().map(MessageID.task))
        #expect(throws: StoreError.queueDoesNotExist) { try store.tasks(of: .other) }
    }

    @Test(arguments: StoreKind.underTest)
    func `a FIFO queue's messages keep group and deduplication id, and no duplicate is looked for`(
        kind: StoreKind
    ) throws {
        let store = try TestStore(kind)
        try store.create(.fifoLetters)
        try store.create(.fifo, [.redrivePolicy: store.redrive(to: .fifoLetters, after: 1)])
        let sent = try store.sendToGroups(["g-1"])
        try store.receive(.fifo, timeout: 0)
        try store.receive(.fifo)
        try store.startTask(1, from: .fifoLetters)
        #expect(try store.move(1) == MovedMessages(count: 1, isRunning: false))
        let message = try #require(try store.receive(.fifo).first)
        #expect(message.text == "g-1")
        #expect(message.receiveCount == 1)
        #expect(message.content.messageGroupId == "g")
        #expect(message.content.messageDeduplicationId == sent[0].messageId.text)
    }

    @Test(arguments: StoreKind.underTest)
    func `in a FIFO queue no message overtakes one of its group that stays`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.fifoLetters)
        try store.create(.fifo, [.redrivePolicy: store.redrive(to: .fifoLetters, after: 1)])
        let texts = ["g-0", "g-1", "g-2", "h-0"]
        try store.sendToGroups(texts)
        try store.receive(.fifo, timeout: 0)
        try store.receive(.fifo)
        #expect(try store.stored(.fifoLetters).map(\.text) == texts)
        #expect(try store.texts(.fifoLetters, max: 1, timeout: 60) == ["g-0"])
        try store.startTask(1, from: .fifoLetters)
        #expect(try store.move(1) == MovedMessages(count: 1, isRunning: false))
        #expect(try store.tasks(of: .fifoLetters).first?.status == .completed)
        #expect(try store.stored(.fifoLetters).map(\.text) == ["g-0", "g-1", "g-2"])
        #expect(try store.texts(.fifo) == ["h-0"])
        store.advance(seconds: 60)
        try store.startTask(2, from: .fifoLetters)
        // In steps: none of them may change the order.
        #expect(try store.move(2, max: 2) == MovedMessages(count: 2, isRunning: true))
        #expect(try store.move(2, max: 2) == MovedMessages(count: 1, isRunning: false))
        #expect(try store.stored(.fifoLetters) == [])
        let moved = try store.stored(.fifo).filter { $0.content.messageGroupId == "g" }
        #expect(moved.map(\.text) == ["g-0", "g-1", "g-2"])
    }

    @Test(arguments: StoreKind.persistent)
    func `a task goes on after a restart where it stood`(kind: StoreKind) throws {
        let store = try makeStore(kind, count: 3)
        try store.startTask(1, from: .letters)
        _ = try store.move(1, max: 2)
        let tasks = try store.tasks(of: nil)
        try store.restart()
        #expect(try store.tasks(of: nil) == tasks)
        #expect(try store.move(1) == MovedMessages(count: 1, isRunning: false))
        #expect(try store.texts(.orders).sorted() == ["1", "2", "3"])
    }
}
