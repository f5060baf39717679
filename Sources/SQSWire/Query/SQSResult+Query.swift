internal import QueueModel

extension SQSResult {
    /// The namespace of SQS's answers.
    static let sqsNamespace: StaticString = "http://queue.amazonaws.com/doc/2012-11-05/"

    /// The namespace of this answer.
    var namespace: StaticString {
        if case .getCallerIdentity = self { return "https://sts.amazonaws.com/doc/2011-06-15/" }
        return SQSResult.sqsNamespace
    }

    /// The action that this answers.
    var action: String {
        operation?.rawValue ?? "GetCallerIdentity"
    }

    /// The operation that this answers; nothing for the one that is not of SQS.
    private var operation: OperationName? {
        switch self {
        case .createQueue: .createQueue
        case .deleteQueue: .deleteQueue
        case .getQueueUrl: .getQueueUrl
        case .listQueues: .listQueues
        case .getQueueAttributes: .getQueueAttributes
        case .setQueueAttributes: .setQueueAttributes
        case .purgeQueue: .purgeQueue
        case .sendMessage: .sendMessage
        case .sendMessageBatch: .sendMessageBatch
        case .receiveMessage: .receiveMessage
        case .deleteMessage: .deleteMessage
        case .deleteMessageBatch: .deleteMessageBatch
        case .changeMessageVisibility: .changeMessageVisibility
        case .changeMessageVisibilityBatch: .changeMessageVisibilityBatch
        case .tagQueue: .tagQueue
        case .untagQueue: .untagQueue
        case .listQueueTags: .listQueueTags
        case .addPermission: .addPermission
        case .removePermission: .removePermission
        case .listDeadLetterSourceQueues: .listDeadLetterSourceQueues
        case .startMessageMoveTask: .startMessageMoveTask
        case .listMessageMoveTasks: .listMessageMoveTasks
        case .cancelMessageMoveTask: .cancelMessageMoveTask
        case .getCallerIdentity: nil
        }
    }

    /// Whether the operation has an output at all; an empty one is one.
    var hasOutput: Bool {
        switch self {
        case .deleteQueue, .setQueueAttributes, .purgeQueue, .deleteMessage, .changeMessageVisibility, .tagQueue,
            .untagQueue, .addPermission, .removePermission:
            false
        default: true
        }
    }

    /// Writes the output.
    func write(to output: inout some QueryOutput) {
        switch self {
        case .sendMessage(let result): result.write(to: &output)
        case .receiveMessage(let result): result.write(to: &output)
        case .sendMessageBatch(let result): result.write(to: &output)
        case .deleteMessageBatch(let result): result.write(to: &output, entry: "DeleteMessageBatchResultEntry")
        case .changeMessageVisibilityBatch(let result):
            result.write(to: &output, entry: "ChangeMessageVisibilityBatchResultEntry")
        case .createQueue(let result): result.write(to: &output)
        case .getQueueUrl(let result): result.write(to: &output)
        case .listQueues(let result): result.write(to: &output)
        case .getQueueAttributes(let result): result.write(to: &output)
        case .listQueueTags(let result): result.write(to: &output)
        case .listDeadLetterSourceQueues(let result): result.write(to: &output)
        case .startMessageMoveTask(let result): result.write(to: &output)
        case .listMessageMoveTasks(let result): result.write(to: &output)
        case .cancelMessageMoveTask(let result): result.write(to: &output)
        case .getCallerIdentity(let result): result.write(to: &output)
        case .deleteMessage, .changeMessageVisibility, .setQueueAttributes, .purgeQueue, .deleteQueue, .tagQueue,
            .untagQueue, .addPermission, .removePermission:
            break
        }
    }
}
