/// What a store can be told to do.
public enum Command: Sendable, Equatable {
    case createQueue(CreateQueueCommand)
    case deleteQueue(QueueName)
    case purgeQueue(PurgeQueueCommand)
    case setQueueAttributes(SetQueueAttributesCommand)
    case describeQueue(DescribeQueueCommand)
    case listQueues(ListQueuesCommand)
    case sendMessages(SendMessagesCommand)
    case receiveMessages(ReceiveMessagesCommand)
    case deleteMessages(DeleteMessagesCommand)
    case changeMessageVisibility(ChangeMessageVisibilityCommand)
    case tagQueue(TagQueueCommand)
    case untagQueue(UntagQueueCommand)
    case addPermission(AddPermissionCommand)
    case removePermission(RemovePermissionCommand)
    case listDeadLetterSourceQueues(ListDeadLetterSourceQueuesCommand)
    case startMessageMoveTask(StartMessageMoveTaskCommand)
    case listMessageMoveTasks(ListMessageMoveTasksCommand)
    case cancelMessageMoveTask(CancelMessageMoveTaskCommand)
    case moveMessages(MoveMessagesCommand)
    case parkMessages(ParkMessagesCommand)
    case sweep(SweepCommand)
    case leaseChore(LeaseChoreCommand)
    /// Proves that the store still commits: a commit of its own, unless there was one within the last second.
    case probe
}

/// What came of a command; its case matches the command's.
public enum Outcome: Sendable, Equatable {
    case createdQueue(isNew: Bool)
    case deletedQueue
    case purgedQueue
    case setQueueAttributes
    case describedQueue(QueueDescription)
    case listedQueues(ListedQueues)
    case sentMessages([Result<SentMessage, SQSError>])
    case receivedMessages(ReceivedMessages)
    case deletedMessages([ReceiptRefusal?])
    case changedMessageVisibility([ReceiptRefusal?])
    case taggedQueue
    case untaggedQueue
    case addedPermission
    case removedPermission
    case listedDeadLetterSourceQueues(ListedQueues)
    case startedMessageMoveTask
    case listedMessageMoveTasks([MessageMoveTask])
    case cancelledMessageMoveTask(movedCount: Int)
    case movedMessages(MovedMessages)
    case parkedMessages(count: Int)
    case swept(hasMore: Bool)
    case leasedChore(Bool)
    case probed
}

/// Why a receipt did nothing.
public enum ReceiptRefusal: Error, Sendable, Equatable {
    /// It is a receipt of another queue.
    case belongsToAnotherQueue

    /// On a FIFO queue: this receive is no longer the message's last one, or its hiding has ended.
    case expired

    /// The message is gone, or this receive of it is no longer the last one where that matters.
    case messageNotAvailable

    /// The message would be hidden for more than twelve hours since its receive.
    case totalVisibilityBeyondLimit
}
