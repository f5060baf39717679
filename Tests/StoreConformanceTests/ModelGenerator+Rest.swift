import QueueModel

extension ModelGenerator {
    mutating func tagOrUntagQueue() -> Command {
        let queue = queue()
        if random.isTrue(percent: 60) { return .tagQueue(TagQueueCommand(queue: queue, tags: tags())) }
        let keys = (0..<random.number(in: 1...3)).map { _ in tagKey() }
        return .untagQueue(UntagQueueCommand(queue: queue, tagKeys: keys))
    }

    /// Some tags, now and then almost as many as a queue may have.
    mutating func tags() -> QueueTags {
        if random.isTrue(percent: 8) {
            let numbers = 1...random.number(in: 48...51)
            return QueueTags(numbers.map { ("key \($0)", "\($0)") })
        }
        var tags = QueueTags()
        for _ in 0..<random.number(in: 1...3) {
            tags[tagKey()] = random.one(of: ["", "x", "y", "\u{E9}"])
        }
        return tags
    }

    mutating func addOrRemovePermission() -> Command {
        let queue = queue()
        let label = random.one(of: ["one", "two", "three"])
        guard random.isTrue(percent: 55) else {
            return .removePermission(RemovePermissionCommand(queue: queue, label: label))
        }
        return .addPermission(
            AddPermissionCommand(
                queue: queue,
                label: label,
                awsAccountIds: random.one(of: [["111122223333"], ["111122223333", "444455556666"]]),
                actions: random.one(of: [["SendMessage"], ["SendMessage", "ReceiveMessage"], ["*"]]),
                queueArn: QueueARN(region: "us-east-1", account: "000000000000", queue: queue)
            )
        )
    }

    mutating func listDeadLetterSourceQueues() -> Command {
        .listDeadLetterSourceQueues(
            ListDeadLetterSourceQueuesCommand(
                queue: queue(),
                after: random.isTrue(percent: 30) ? queue() : nil,
                limit: random.number(in: 1...3)
            )
        )
    }

    /// Something with a move task: mostly a step of one that was started lately.
    mutating func taskCommand() -> Command {
        switch random.number(in: 1...100) {
        case ...30:
            lastTaskNumber += 1
            return .startMessageMoveTask(
                StartMessageMoveTaskCommand(
                    taskId: MessageID(high: 0x7000 | 1 << 62, low: lastTaskNumber),
                    source: queue(),
                    destination: random.isTrue(percent: 40) ? queue() : nil,
                    maxNumberOfMessagesPerSecond: random.isTrue(percent: 30) ? random.number(in: 1...500) : nil
                )
            )
        case ...78:
            return .moveMessages(
                MoveMessagesCommand(
                    taskId: task().id,
                    messagesMax: random.one(of: [1, 1, 2, 5, 100]),
                    seed: random.next()
                )
            )
        case ...86:
            let task = task()
            let source = random.isTrue(percent: 90) ? task.source : queue()
            return .cancelMessageMoveTask(CancelMessageMoveTaskCommand(taskId: task.id, source: source))
        default:
            let source = random.isTrue(percent: 70) ? queue() : nil
            return .listMessageMoveTasks(ListMessageMoveTasksCommand(source: source))
        }
    }

    /// Mostly one of the last tasks, sometimes one that is not there.
    private mutating func task() -> (id: MessageID, source: QueueName) {
        switch random.number(in: 1...100) {
        case ...80 where !tasks.isEmpty: random.one(of: tasks.suffix(3))
        case ...95 where !tasks.isEmpty: random.one(of: tasks)
        default: (MessageID(high: 0, low: 0), queue())
        }
    }

    private mutating func tagKey() -> String {
        random.one(of: ["team", "Team", "cost:center", "\u{E9}", "e\u{301}"])
    }
}
