import Dispatch
import QueueModel
import SQLiteStore
import Synchronization
import Testing

/// What one batch does at most, so that nobody waits long for what somebody else has asked for.
@Suite struct BatchBoundTests {
    let directory = TemporaryDirectory()
    let clock = HandClock()
    let orders = queueName("orders")
    let dead = queueName("dead")
    let other = queueName("other")
    let megabyte = String(repeating: "x", count: 1_000_000)

    func open() throws -> SQLiteStore {
        try SQLiteStore(directory: directory.path, clock: clock, logger: LogLines().logger) { Issue.record($0) }
    }

    /// Commands handed over together, and in which batch each was answered, counted from the first.
    func batches(of commands: [Command], in store: SQLiteStore) -> [Int] {
        let before = store.counters.batches
        let answers = Mutex<[Int: Int]>([:])
        let isDone = DispatchSemaphore(value: 0)
        store.submit(
            commands.enumerated().map { index, command in
                Submission(command) { _ in
                    let batch = store.counters.batches - before
                    answers.withLock { $0[index] = batch }
                    isDone.signal()
                }
            }
        )
        for _ in commands { isDone.wait() }
        return answers.withLock { answers in commands.indices.compactMap { answers[$0] } }
    }

    /// How many messages a queue holds after each batch, until the command is answered.
    func counts(of queue: QueueName, while command: Command, in store: SQLiteStore) -> [Int] {
        let counts = Mutex<[Int]>([])
        let isAnswered = Mutex(false)
        let isDone = DispatchSemaphore(value: 0)
        // Answers are given after the commit, so what asks again then is in the next batch, behind what goes on there.
        @Sendable func look() -> Submission {
            Submission(.describeQueue(DescribeQueueCommand(queue: queue, includesCounts: true))) { result in
                if case .success(.describedQueue(let description)) = result {
                    counts.withLock { $0.append(description.counts?.visible ?? -1) }
                }
                if isAnswered.withLock({ $0 }) {
                    isDone.signal()
                } else {
                    store.submit(look())
                }
            }
        }
        store.submit([Submission(command) { _ in isAnswered.withLock { $0 = true } }, look()])
        isDone.wait()
        return counts.withLock { $0 }
    }

    func receive(_ queue: QueueName, count: Int = 10, attemptId: String? = nil) -> Command {
        .receiveMessages(ReceiveMessagesCommand(queue: queue, maxNumberOfMessages: count, attemptId: attemptId))
    }

    /// Messages of a megabyte, each with its number at the end, each in the group that is told.
    func large(_ numbers: some Collection<Int>, group: (Int) -> String? = { _ in nil }) -> [NewMessage] {
        numbers.map { number in
            var message = newMessage(megabyte + "-\(number)", id: UInt64(number))
            message.content.messageGroupId = group(number)
            message.content.messageDeduplicationId = group(number) == nil ? nil : "\(number)"
            return message
        }
    }

    func numbers(_ store: SQLiteStore, in queue: QueueName) throws -> [Int] {
        let messages = try store.snapshot().queues[queue]?.messages ?? []
        return messages.compactMap { message in
            String(decoding: message.content.body.suffix(3), as: UTF8.self).split(separator: "-").last.flatMap {
                Int($0)
            }
        }
    }

    @Test(arguments: [false, true])
    func `a receive moves a few megabytes to a dead-letter queue in a batch and goes on in the next`(
        isFifo: Bool
    ) throws {
        let store = try open()
        defer { store.close() }
        let suffix = isFifo ? ".fifo" : ""
        let (orders, dead) = (queueName("orders" + suffix), queueName("dead" + suffix))
        let fifo: [QueueAttributeName: String] = isFifo ? [.fifoQueue: "true"] : [:]
        let target = "arn:aws:sqs:us-east-1:000000000000:dead\(suffix)"
        let policy = #"{"deadLetterTargetArn":"\#(target)","maxReceiveCount":1}"#
        _ = store.apply([
            .createQueue(CreateQueueCommand(queue: dead, attributes: fifo)),
            .createQueue(
                CreateQueueCommand(queue: orders, attributes: fifo.merging([.redrivePolicy: policy]) { $1 })
            ),
            .createQueue(CreateQueueCommand(queue: other)),
        ])
        for message in large(0..<12, group: { isFifo ? "group \($0 / 4)" : nil }) {
            _ = store.apply(.sendMessages(SendMessagesCommand(queue: orders, messages: [message])))
        }
        var received = 0
        while received < 12 {
            received += store.receive(orders, count: 12 - received, visibilityTimeoutSeconds: 60).count
        }
        clock.advance(seconds: 61)
        let counts = counts(of: dead, while: receive(orders), in: store)
        for (before, after) in zip([0] + counts, counts) {
            #expect(after - before <= 5, "a batch moved \(after - before) megabytes")
        }
        #expect(counts.last == 12)
        #expect(try numbers(store, in: dead) == Array(0..<12))
        #expect(try numbers(store, in: orders).isEmpty)
    }

    @Test func `receives that move large messages do not keep others waiting`() throws {
        let store = try open()
        defer { store.close() }
        let policy = #"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":1}"#
        _ = store.apply([
            .createQueue(CreateQueueCommand(queue: dead)),
            .createQueue(CreateQueueCommand(queue: orders, attributes: [.redrivePolicy: policy])),
            .createQueue(CreateQueueCommand(queue: other)),
        ])
        for message in large(0..<12) {
            _ = store.apply(.sendMessages(SendMessagesCommand(queue: orders, messages: [message])))
        }
        while !store.receive(orders, count: 10, visibilityTimeoutSeconds: 60).isEmpty {}
        clock.advance(seconds: 61)
        #expect(batches(of: [receive(orders), send(other, "quick"), receive(other)], in: store) == [3, 1, 1])
    }

    @Test func `repeated receive attempts count in what a batch reads`() throws {
        let store = try open()
        defer { store.close() }
        let fifo = queueName("orders.fifo")
        _ = store.apply([
            .createQueue(CreateQueueCommand(queue: fifo, attributes: [.fifoQueue: "true"])),
            .createQueue(CreateQueueCommand(queue: other)),
        ])
        for message in large(0..<24, group: { "group \($0)" }) {
            _ = store.apply(.sendMessages(SendMessagesCommand(queue: fifo, messages: [message])))
        }
        let attempts = (0..<6).map { receive(fifo, count: 4, attemptId: "attempt \($0)") }
        let first = attempts.map { store.apply($0) }
        #expect(batches(of: attempts + [receive(other)], in: store) == [1, 1, 1, 1, 1, 2, 2])
        // What reads nothing need not wait.
        #expect(batches(of: attempts.reversed() + [send(other, "quick")], in: store) == [1, 1, 1, 1, 1, 2, 1])
        for (attempt, former) in zip(attempts, first) {
            guard case .success(.receivedMessages(let former)) = former,
                case .success(.receivedMessages(let again)) = store.apply(attempt)
            else {
                Issue.record("a repeated attempt was refused")
                return
            }
            #expect(former.messages.count == 4)
            #expect(again.messages == former.messages)
        }
    }

    /// A store with so many tasks under way, each with twelve messages to move.
    func openWithTasks(_ count: Int) throws -> (store: SQLiteStore, tasks: [MessageID]) {
        let store = try open()
        _ = store.apply(.createQueue(CreateQueueCommand(queue: other)))
        let tasks = (0..<count).map { MessageID(high: 1, low: UInt64($0)) }
        for (index, task) in tasks.enumerated() {
            let dead = queueName("dead-\(index)")
            let policy =
                #"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:\#(dead.text)","maxReceiveCount":1}"#
            let source = CreateQueueCommand(queue: queueName("orders-\(index)"), attributes: [.redrivePolicy: policy])
            _ = store.apply([.createQueue(CreateQueueCommand(queue: dead)), .createQueue(source)])
            _ = store.apply((0..<12).map { send(dead, "\(index) \($0)") })
            let start = StartMessageMoveTaskCommand(taskId: task, source: dead, destination: other)
            #expect(store.apply(.startMessageMoveTask(start)) == .success(.startedMessageMoveTask))
        }
        return (store, tasks)
    }

    func step(_ task: MessageID) -> Command {
        .moveMessages(MoveMessagesCommand(taskId: task, messagesMax: 2, seed: task.low))
    }

    @Test func `a batch does four steps of move tasks, and the others in the next ones`() throws {
        let (store, tasks) = try openWithTasks(9)
        defer { store.close() }
        let commands = tasks.map(step) + [send(other, "quick")]
        #expect(batches(of: commands, in: store) == [1, 1, 1, 1, 2, 2, 2, 2, 3, 1])
        #expect(try store.snapshot().queues[other]?.messages.count == 19)
    }

    @Test func `tasks that go on at once take turns, and none is left behind`() throws {
        let (store, tasks) = try openWithTasks(6)
        defer { store.close() }
        let steps = Mutex<[MessageID: Int]>([:])
        let leads = Mutex<[Int]>([])
        let isDone = DispatchSemaphore(value: 0)
        @Sendable func submission(_ task: MessageID) -> Submission {
            Submission(.moveMessages(MoveMessagesCommand(taskId: task, messagesMax: 2, seed: task.low))) { result in
                guard case .success(.movedMessages(let moved)) = result else {
                    Issue.record("a step failed: \(result)")
                    isDone.signal()
                    return
                }
                let lead = steps.withLock { steps in
                    steps[task, default: 0] += 1
                    return steps[task, default: 0] - (tasks.map { steps[$0, default: 0] }.min() ?? 0)
                }
                leads.withLock { $0.append(lead) }
                if moved.isRunning { store.submit(submission(task)) } else { isDone.signal() }
            }
        }
        store.submit(tasks.map { submission($0) })
        for _ in tasks { isDone.wait() }
        #expect(leads.withLock { $0.max() ?? 0 } <= 1)
        let bodies = try store.snapshot().queues[other]?.messages.map {
            String(decoding: $0.content.body, as: UTF8.self)
        }
        #expect(Set(bodies ?? []).count == 72)
        #expect(bodies?.count == 72)
    }
}
