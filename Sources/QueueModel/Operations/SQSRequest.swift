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
}
