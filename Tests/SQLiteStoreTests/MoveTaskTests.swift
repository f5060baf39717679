import QueueModel
import SQLite
import SQLiteStore
import Testing

@Suite struct MoveTaskTests {
    let directory = TemporaryDirectory()
    let clock = HandClock()
    let orders = queueName("orders")
    let dead = queueName("dead")
    let other = queueName("other")
    let task = MessageID(high: 1, low: 2)

    func open() throws -> SQLiteStore {
        try SQLiteStore(directory: directory.path, clock: clock, logger: LogLines().logger) { Issue.record($0) }
    }

    /// A store with a dead-letter queue that holds messages: some sent to it, the others moved from `orders`.
    func openWithDead(moved: Int, sent: Int = 0) throws -> SQLiteStore {
        let store = try open()
        let policy = #"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":1}"#
        _ = store.apply([
            .createQueue(CreateQueueCommand(queue: dead)),
            .createQueue(CreateQueueCommand(queue: orders, attributes: [.redrivePolicy: policy])),
            .createQueue(CreateQueueCommand(queue: other)),
        ])
        _ = store.apply((0..<moved).map { send(orders, "moved \($0)") })
        for _ in stride(from: 0, to: moved, by: 10) {
            _ = store.receive(orders, count: 10, visibilityTimeoutSeconds: 0)
        }
        _ = store.receive(orders, count: 10)
        _ = store.apply((0..<sent).map { send(dead, "sent \($0)") })
        return store
    }

    func start(to destination: QueueName? = nil, id: MessageID? = nil) -> Command {
        .startMessageMoveTask(
            StartMessageMoveTaskCommand(taskId: id ?? task, source: dead, destination: destination)
        )
    }

    func step(_ store: SQLiteStore, messagesMax: Int = 10, seed: UInt64 = 1) throws -> MovedMessages {
        let command = MoveMessagesCommand(taskId: task, messagesMax: messagesMax, seed: seed)
        guard case .success(.movedMessages(let moved)) = store.apply(.moveMessages(command)) else {
            throw StoreError.failed
        }
        return moved
    }

    func tasks(_ store: SQLiteStore, of source: QueueName? = nil) throws -> [MessageMoveTask] {
        let command = ListMessageMoveTasksCommand(source: source ?? dead)
        guard case .success(.listedMessageMoveTasks(let tasks)) = store.apply(.listMessageMoveTasks(command)) else {
            throw StoreError.failed
        }
        return tasks
    }

    func bodies(_ store: SQLiteStore, in queue: QueueName) throws -> [String] {
        let messages = try store.snapshot().queues[queue]?.messages ?? []
        return messages.map { String(decoding: $0.content.body, as: UTF8.self) }
    }

    @Test func `a task goes on after restarts where it stood, and moves each message once and in order`() throws {
        var store = try openWithDead(moved: 25)
        _ = store.apply(start())
        _ = store.apply(send(dead, "later"))
        var steps: [MovedMessages] = []
        for seed in 1...3 {
            steps.append(try step(store, seed: UInt64(seed)))
            store.close()
            store = try open()
        }
        defer { store.close() }
        #expect(steps.map(\.count) == [10, 10, 5])
        #expect(steps.map(\.isRunning) == [true, true, false])
        #expect(try bodies(store, in: orders) == (0..<25).map { "moved \($0)" })
        #expect(try bodies(store, in: dead) == ["later"])
        let listed = try #require(try tasks(store).first)
        #expect(listed.status == .completed)
        #expect(listed.movedCount == 25)
        #expect(listed.toMoveCount == 25)
        #expect(try step(store) == MovedMessages(count: 0, isRunning: false))
    }

    @Test func `a moved message is a new one with the same content`() throws {
        let store = try openWithDead(moved: 1)
        defer { store.close() }
        _ = store.apply(
            .setQueueAttributes(SetQueueAttributesCommand(queue: orders, changes: [.delaySeconds: "30"]))
        )
        let before = try #require(try store.snapshot().queues[dead]?.messages.first)
        clock.advance(seconds: 10)
        _ = store.apply(start())
        #expect(try step(store, seed: 7) == MovedMessages(count: 1, isRunning: false))
        let after = try #require(try store.snapshot().queues[orders]?.messages.first)
        var ids = SplitMix64(seed: 7)
        #expect(after.messageId == ids.draw())
        #expect(after.content == before.content)
        #expect(after.sentAt == clock.now())
        #expect(after.availableAt == clock.now().adding(seconds: 30))
        #expect(after.deadLetterSource == nil)
        #expect(after.receiveCount == 0)
    }

    @Test func `messages in flight stay, and are moved if they come back while the task runs`() throws {
        let store = try openWithDead(moved: 0, sent: 6)
        defer { store.close() }
        _ = store.receive(dead, count: 2, visibilityTimeoutSeconds: 10)
        _ = store.apply(start(to: other))
        #expect(try step(store, messagesMax: 2) == MovedMessages(count: 2, isRunning: true))
        clock.advance(seconds: 10)
        _ = store.receive(dead, count: 1, visibilityTimeoutSeconds: 10)
        #expect(try step(store, messagesMax: 10) == MovedMessages(count: 3, isRunning: false))
        #expect(try bodies(store, in: other) == ["sent 2", "sent 3", "sent 0", "sent 1", "sent 5"])
        #expect(try bodies(store, in: dead) == ["sent 4"])
    }

    @Test func `a task passes thousands of messages in flight in steps and finds those behind them`() throws {
        let store = try openWithDead(moved: 0, sent: 2_500)
        defer { store.close() }
        for _ in 0..<249 {
            _ = store.receive(dead, count: 10, visibilityTimeoutSeconds: 600)
        }
        _ = store.apply(start(to: other))
        var steps: [MovedMessages] = []
        repeat {
            steps.append(try step(store, messagesMax: 4))
        } while steps.last?.isRunning == true && steps.count < 20
        #expect(steps.reduce(0) { $0 + $1.count } == 10)
        #expect(try tasks(store).first?.status == .completed)
        #expect(try bodies(store, in: other) == (2_490..<2_500).map { "sent \($0)" })
    }

    @Test func `a step with large bodies moves only so many that others need not wait long`() throws {
        let store = try openWithDead(moved: 0)
        defer { store.close() }
        let large = String(repeating: "x", count: 1_000_000)
        _ = store.apply((0..<12).map { _ in send(dead, large) })
        _ = store.apply(start(to: other))
        let steps = try (0..<3).map { _ in try step(store, messagesMax: 100) }
        #expect(steps.map(\.count) == [5, 5, 2])
        #expect(steps.map(\.isRunning) == [true, true, false])
    }

    @Test func `expired messages are removed and not moved`() throws {
        let store = try openWithDead(moved: 0, sent: 3)
        defer { store.close() }
        let retention = SetQueueAttributesCommand(queue: dead, changes: [.messageRetentionPeriod: "60"])
        _ = store.apply(.setQueueAttributes(retention))
        clock.advance(seconds: 60)
        _ = store.apply(send(dead, "live"))
        _ = store.apply(start(to: other))
        #expect(try tasks(store).first?.toMoveCount == 1)
        #expect(try step(store) == MovedMessages(count: 1, isRunning: false))
        #expect(try bodies(store, in: other) == ["live"])
    }

    @Test func `a message without a source fails the task and stays`() throws {
        let store = try openWithDead(moved: 2, sent: 1)
        defer { store.close() }
        _ = store.apply(start())
        #expect(try step(store) == MovedMessages(count: 2, isRunning: false))
        let listed = try #require(try tasks(store).first)
        #expect(listed.status == .failed)
        #expect(listed.failureReason == "CouldNotDetermineMessageSource")
        #expect(listed.movedCount == 2)
        #expect(try bodies(store, in: dead) == ["sent 0"])
    }

    @Test func `a task fails when its destination is gone`() throws {
        let store = try openWithDead(moved: 0, sent: 2)
        defer { store.close() }
        _ = store.apply([start(to: other), .deleteQueue(other)])
        #expect(try step(store) == MovedMessages(count: 0, isRunning: false))
        let listed = try #require(try tasks(store).first)
        #expect(listed.status == .failed)
        #expect(listed.failureReason == "AWS.SimpleQueueService.NonExistentQueue")
        #expect(try bodies(store, in: dead) == ["sent 0", "sent 1"])
    }

    @Test func `the tasks of a deleted queue are not those of another one with its name`() throws {
        let store = try openWithDead(moved: 0, sent: 2)
        defer { store.close() }
        _ = store.apply([start(to: other), .deleteQueue(dead)])
        #expect(try step(store) == MovedMessages(count: 0, isRunning: false))
        _ = store.apply(.createQueue(CreateQueueCommand(queue: dead)))
        #expect(try tasks(store) == [])
    }

    @Test func `a task completes when its source was purged, and leaves what came later`() throws {
        let store = try openWithDead(moved: 0, sent: 2)
        defer { store.close() }
        _ = store.apply([start(to: other), .purgeQueue(PurgeQueueCommand(queue: dead)), send(dead, "later")])
        #expect(try tasks(store).first?.status == .completed)
        #expect(try step(store) == MovedMessages(count: 0, isRunning: false))
        #expect(try tasks(store).first?.status == .completed)
        #expect(try bodies(store, in: dead) == ["later"])
    }

    @Test func `a cancelled task moves nothing more, and another can start`() throws {
        let store = try openWithDead(moved: 0, sent: 3)
        defer { store.close() }
        let cancel = Command.cancelMessageMoveTask(CancelMessageMoveTaskCommand(taskId: task, source: dead))
        _ = store.apply(start(to: other))
        _ = try step(store, messagesMax: 1)
        let second = start(to: other, id: MessageID(high: 3, low: 4))
        #expect(store.apply(second) == .failure(.refused(.taskAlreadyRunning)))
        #expect(store.apply(cancel) == .success(.cancelledMessageMoveTask(movedCount: 1)))
        #expect(store.apply(cancel) == .failure(.refused(.taskDoesNotExist)))
        #expect(try step(store) == MovedMessages(count: 0, isRunning: false))
        #expect(store.apply(second) == .success(.startedMessageMoveTask))
        #expect(try tasks(store).map(\.status) == [.running, .cancelled])
    }

    @Test func `only the last ten tasks of a queue are kept, the newest first`() throws {
        let store = try openWithDead(moved: 0)
        for number in 1...13 {
            let id = MessageID(high: 0, low: UInt64(number))
            _ = store.apply([
                start(to: other, id: id),
                .moveMessages(MoveMessagesCommand(taskId: id, messagesMax: 1, seed: 1)),
            ])
        }
        #expect(try tasks(store).map(\.id.low) == (4...13).reversed())
        store.close()
        let connection = try Connection(path: directory.path + "/holdfast.db")
        #expect(try connection.integer("select count(*) from move_tasks") == 10)
        try connection.close()
    }

    @Test func `a start is refused without a source queue's policy, a destination, or one type`() throws {
        let store = try openWithDead(moved: 0)
        defer { store.close() }
        let fifo = queueName("other.fifo")
        _ = store.apply(.createQueue(CreateQueueCommand(queue: fifo, attributes: [.fifoQueue: "true"])))
        func start(_ source: QueueName, _ destination: QueueName? = nil) -> Result<Outcome, StoreError> {
            let command = StartMessageMoveTaskCommand(taskId: task, source: source, destination: destination)
            return store.apply(.startMessageMoveTask(command))
        }
        #expect(start(queueName("missing")) == .failure(.queueDoesNotExist))
        #expect(start(other) == .failure(.refused(.sourceMustBeDeadLetterQueue)))
        #expect(start(dead, queueName("missing")) == .failure(.refused(.resourceNotFound("DestinationArn"))))
        #expect(start(dead, fifo) == .failure(.refused(.destinationMustBeOfSameType)))
        #expect(try tasks(store).isEmpty)
    }

    @Test func `the running tasks of all queues are listed without a source`() throws {
        let store = try openWithDead(moved: 0, sent: 1)
        defer { store.close() }
        func running() -> [MessageMoveTask] {
            let command = Command.listMessageMoveTasks(ListMessageMoveTasksCommand(source: nil))
            guard case .success(.listedMessageMoveTasks(let tasks)) = store.apply(command) else { return [] }
            return tasks
        }
        _ = store.apply(start(to: other))
        #expect(running().map(\.id) == [task])
        _ = try step(store)
        #expect(running().isEmpty)
    }

    @Test func `a FIFO dead-letter queue gives its messages back in their groups and order`() throws {
        let store = try open()
        defer { store.close() }
        let (source, target) = (queueName("orders.fifo"), queueName("dead.fifo"))
        let policy = #"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead.fifo","maxReceiveCount":1}"#
        _ = store.apply([
            .createQueue(CreateQueueCommand(queue: target, attributes: [.fifoQueue: "true"])),
            .createQueue(
                CreateQueueCommand(queue: source, attributes: [.fifoQueue: "true", .redrivePolicy: policy])
            ),
        ])
        let messages = (0..<4).map { index in
            var message = newMessage("message \(index)", id: UInt64(index))
            message.content.messageGroupId = "group \(index % 2)"
            message.content.messageDeduplicationId = "id \(index)"
            return message
        }
        _ = store.apply(.sendMessages(SendMessagesCommand(queue: source, messages: messages)))
        #expect(store.receive(source, count: 10, visibilityTimeoutSeconds: 0).count == 4)
        #expect(store.receive(source, count: 10).isEmpty)
        #expect(try bodies(store, in: target).count == 4)
        let command = StartMessageMoveTaskCommand(taskId: task, source: target)
        _ = store.apply(.startMessageMoveTask(command))
        #expect(try step(store) == MovedMessages(count: 4, isRunning: false))
        #expect(try bodies(store, in: target).isEmpty)
        let received = store.receive(source, count: 10)
        for group in ["group 0", "group 1"] {
            let inGroup = received.filter { $0.content.messageGroupId == group }
            #expect(inGroup.map(\.receiveCount) == [1, 1])
            #expect(inGroup.map(body) == inGroup.map(body).sorted())
        }
        #expect(received.count == 4)
    }
}
