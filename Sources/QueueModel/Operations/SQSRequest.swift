/// A decoded request: an operation and its input.
///
/// Both protocols end here.
public enum SQSRequest: Sendable, Equatable {
    case createQueue(CreateQueueRequest)
    case deleteQueue(DeleteQueueRequest)
    case getQueueUrl(GetQueueUrlRequest)
    case listQueues(ListQueuesRequest)
    case getQueueAttributes(GetQueueAttributesRequest)
    case setQueueAttributes(SetQueueAttributesRequest)
    case purgeQueue(PurgeQueueRequest)
    case sendMessage(SendMessageRequest)
    case sendMessageBatch(SendMessageBatchRequest)
    case receiveMessage(ReceiveMessageRequest)
    case deleteMessage(DeleteMessageRequest)
    case deleteMessageBatch(DeleteMessageBatchRequest)
    case changeMessageVisibility(ChangeMessageVisibilityRequest)
    case changeMessageVisibilityBatch(ChangeMessageVisibilityBatchRequest)
    case tagQueue(TagQueueRequest)
    case untagQueue(UntagQueueRequest)
    case listQueueTags(ListQueueTagsRequest)
    case addPermission(AddPermissionRequest)
    case removePermission(RemovePermissionRequest)
    case listDeadLetterSourceQueues(ListDeadLetterSourceQueuesRequest)
    case startMessageMoveTask(StartMessageMoveTaskRequest)
    case listMessageMoveTasks(ListMessageMoveTasksRequest)
    case cancelMessageMoveTask(CancelMessageMoveTaskRequest)
    case getCallerIdentity(GetCallerIdentityRequest)
}

/// What an operation answers; its case matches the request's.
public enum SQSResult: Sendable, Equatable {
    case createQueue(CreateQueueResult)
    case deleteQueue
    case getQueueUrl(GetQueueUrlResult)
    case listQueues(ListQueuesResult)
    case getQueueAttributes(GetQueueAttributesResult)
    case setQueueAttributes
    case purgeQueue
    case sendMessage(SendMessageResult)
    case sendMessageBatch(SendMessageBatchResult)
    case receiveMessage(ReceiveMessageResult)
    case deleteMessage
    case deleteMessageBatch(BatchResult)
    case changeMessageVisibility
    case changeMessageVisibilityBatch(BatchResult)
    case tagQueue
    case untagQueue
    case listQueueTags(ListQueueTagsResult)
    case addPermission
    case removePermission
    case listDeadLetterSourceQueues(ListDeadLetterSourceQueuesResult)
    case startMessageMoveTask(StartMessageMoveTaskResult)
    case listMessageMoveTasks(ListMessageMoveTasksResult)
    case cancelMessageMoveTask(CancelMessageMoveTaskResult)
    case getCallerIdentity(GetCallerIdentityResult)
}
