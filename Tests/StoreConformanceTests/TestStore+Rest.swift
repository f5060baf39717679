import QueueModel

// The rest of the operations as calls that wait and throw the store's error.
extension TestStore {
    func tag(_ queue: QueueName, _ tags: QueueTags) throws {
        _ = try perform(.tagQueue(TagQueueCommand(queue: queue, tags: tags)))
    }

    func untag(_ queue: QueueName, _ keys: [String]) throws {
        _ = try perform(.untagQueue(UntagQueueCommand(queue: queue, tagKeys: keys)))
    }

    func addPermission(_ label: String, to queue: QueueName) throws {
        _ = try perform(
            .addPermission(
                AddPermissionCommand(
                    queue: queue,
                    label: label,
                    awsAccountIds: ["111122223333"],
                    actions: ["SendMessage"],
                    queueArn: QueueARN(region: "us-east-1", account: "000000000000", queue: queue)
                )
            )
        )
    }

    func removePermission(_ label: String, from queue: QueueName) throws {
        _ = try perform(.removePermission(RemovePermissionCommand(queue: queue, label: label)))
    }

    func sources(of queue: QueueName, after: QueueName? = nil, limit: Int = 1_000) throws -> ListedQueues {
        let outcome = try perform(
            .listDeadLetterSourceQueues(
                ListDeadLetterSourceQueuesCommand(queue: queue, after: after, limit: limit)
            )
        )
        guard case .listedDeadLetterSourceQueues(let listed) = outcome else {
            throw UnexpectedOutcome(outcome: outcome)
        }
        return listed
    }

    func startTask(_ number: UInt64, from source: QueueName, to destination: QueueName? = nil) throws {
        _ = try perform(
            .startMessageMoveTask(
                StartMessageMoveTaskCommand(taskId: .task(number), source: source, destination: destination)
            )
        )
    }

    /// Does a step of a task.
    func move(_ number: UInt64, max: Int = 100) throws -> MovedMessages {
        let outcome = try perform(
            .moveMessages(MoveMessagesCommand(taskId: .task(number), messagesMax: max, seed: number))
        )
        guard case .movedMessages(let moved) = outcome else { throw UnexpectedOutcome(outcome: outcome) }
        return moved
    }

    func cancelTask(_ number: UInt64, of source: QueueName) throws -> Int {
        let outcome = try perform(
            .cancelMessageMoveTask(CancelMessageMoveTaskCommand(taskId: .task(number), source: source))
        )
        guard case .cancelledMessageMoveTask(let count) = outcome else { throw UnexpectedOutcome(outcome: outcome) }
        return count
    }

    func tasks(of source: QueueName?) throws -> [MessageMoveTask] {
        let outcome = try perform(.listMessageMoveTasks(ListMessageMoveTasksCommand(source: source)))
        guard case .listedMessageMoveTasks(let tasks) = outcome else { throw UnexpectedOutcome(outcome: outcome) }
        return tasks
    }
}

extension MessageID {
    static func task(_ number: UInt64) -> MessageID { MessageID(high: 0x4000, low: 1 << 63 | number) }
}
