/// The operations of the service model.
///
/// Both protocols call them by these names.
package enum OperationName: String, CaseIterable {
    // Asking goes through them in this order: the frequent ones stand first.
    case sendMessage = "SendMessage"
    case receiveMessage = "ReceiveMessage"
    case deleteMessage = "DeleteMessage"
    case sendMessageBatch = "SendMessageBatch"
    case deleteMessageBatch = "DeleteMessageBatch"
    case changeMessageVisibility = "ChangeMessageVisibility"
    case changeMessageVisibilityBatch = "ChangeMessageVisibilityBatch"
    case getQueueUrl = "GetQueueUrl"
    case getQueueAttributes = "GetQueueAttributes"
    case createQueue = "CreateQueue"
    case listQueues = "ListQueues"
    case setQueueAttributes = "SetQueueAttributes"
    case purgeQueue = "PurgeQueue"
    case deleteQueue = "DeleteQueue"
    case tagQueue = "TagQueue"
    case untagQueue = "UntagQueue"
    case listQueueTags = "ListQueueTags"
    case addPermission = "AddPermission"
    case removePermission = "RemovePermission"
    case listDeadLetterSourceQueues = "ListDeadLetterSourceQueues"
    case startMessageMoveTask = "StartMessageMoveTask"
    case listMessageMoveTasks = "ListMessageMoveTasks"
    case cancelMessageMoveTask = "CancelMessageMoveTask"
}
