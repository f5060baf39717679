public import NIOCore
public import QueueModel

/// AWS JSON 1.0, the protocol that today's SDKs speak to SQS.
public enum AWSJSON {
    /// The content type of every answer.
    public static let contentType = "application/x-amz-json-1.0"

    private static let targetPrefix = "AmazonSQS."

    /// Reads a request.
    ///
    /// Limits and defaults are not looked at; that is for the engine.
    ///
    /// - Parameters:
    ///   - target: The header `X-Amz-Target`, such as `AmazonSQS.SendMessage`.
    ///   - body: The request's bytes; none count as an empty object.
    /// - Returns: The operation with its input.
    /// - Throws: UnknownOperationException, SerializationException if the body is not of the operation's input shape,
    ///   and MissingParameter.
    public static func decode(target: String, body: ByteBuffer) throws(SQSError) -> SQSRequest {
        guard target.hasPrefix(targetPrefix),
            let operation = OperationName(rawValue: String(target.dropFirst(targetPrefix.utf8.count)))
        else { throw .unknownOperation }
        return try body.withUnsafeReadableBytes { (bytes) throws(SQSError) in
            try decode(operation, bytes)
        }
    }

    private static func decode(
        _ operation: OperationName,
        _ bytes: UnsafeRawBufferPointer
    ) throws(SQSError) -> SQSRequest {
        switch operation {
        case .sendMessage: .sendMessage(try SendMessageRequest(json: input(bytes)))
        case .receiveMessage: .receiveMessage(try ReceiveMessageRequest(json: input(bytes)))
        case .deleteMessage: .deleteMessage(try DeleteMessageRequest(json: input(bytes)))
        case .sendMessageBatch: .sendMessageBatch(try SendMessageBatchRequest(json: input(bytes)))
        case .deleteMessageBatch: .deleteMessageBatch(try DeleteMessageBatchRequest(json: input(bytes)))
        case .changeMessageVisibility: .changeMessageVisibility(try ChangeMessageVisibilityRequest(json: input(bytes)))
        case .changeMessageVisibilityBatch:
            .changeMessageVisibilityBatch(try ChangeMessageVisibilityBatchRequest(json: input(bytes)))
        case .getQueueUrl: .getQueueUrl(try GetQueueUrlRequest(json: input(bytes)))
        case .getQueueAttributes: .getQueueAttributes(try GetQueueAttributesRequest(json: input(bytes)))
        case .createQueue: .createQueue(try CreateQueueRequest(json: input(bytes)))
        case .listQueues: .listQueues(try ListQueuesRequest(json: input(bytes)))
        case .setQueueAttributes: .setQueueAttributes(try SetQueueAttributesRequest(json: input(bytes)))
        case .purgeQueue: .purgeQueue(try PurgeQueueRequest(json: input(bytes)))
        case .deleteQueue: .deleteQueue(try DeleteQueueRequest(json: input(bytes)))
        case .tagQueue: .tagQueue(try TagQueueRequest(json: input(bytes)))
        case .untagQueue: .untagQueue(try UntagQueueRequest(json: input(bytes)))
        case .listQueueTags: .listQueueTags(try ListQueueTagsRequest(json: input(bytes)))
        case .addPermission: .addPermission(try AddPermissionRequest(json: input(bytes)))
        case .removePermission: .removePermission(try RemovePermissionRequest(json: input(bytes)))
        case .listDeadLetterSourceQueues:
            .listDeadLetterSourceQueues(try ListDeadLetterSourceQueuesRequest(json: input(bytes)))
        case .startMessageMoveTask: .startMessageMoveTask(try StartMessageMoveTaskRequest(json: input(bytes)))
        case .listMessageMoveTasks: .listMessageMoveTasks(try ListMessageMoveTasksRequest(json: input(bytes)))
        case .cancelMessageMoveTask: .cancelMessageMoveTask(try CancelMessageMoveTaskRequest(json: input(bytes)))
        }
    }

    private static func input(_ bytes: UnsafeRawBufferPointer) throws(SQSError) -> JSONObject {
        guard !bytes.isEmpty else { return JSONObject(members: []) }
        let value: JSONValue
        do {
            value = try JSONScanner.scan(bytes)
        } catch {
            throw .serialization(explanation(of: error))
        }
        return try value.object
    }

    private static func explanation(of error: JSONSyntaxError) -> String {
        switch error {
        case .malformed: "The request body is not valid JSON."
        case .tooDeep: "The request body is nested too deeply."
        case .tooManyValues: "The request body has too many values."
        }
    }

    /// Writes an answer's body behind what the buffer holds; an operation without output has no bytes at all.
    public static func encode(_ result: SQSResult, into buffer: inout ByteBuffer) {
        var json = JSONWriter(taking: &buffer)
        switch result {
        case .sendMessage(let result): result.write(to: &json)
        case .receiveMessage(let result): result.write(to: &json)
        case .sendMessageBatch(let result): result.write(to: &json)
        case .deleteMessageBatch(let result), .changeMessageVisibilityBatch(let result): result.write(to: &json)
        case .createQueue(let result): result.write(to: &json)
        case .getQueueUrl(let result): result.write(to: &json)
        case .listQueues(let result): result.write(to: &json)
        case .getQueueAttributes(let result): result.write(to: &json)
        case .listQueueTags(let result): result.write(to: &json)
        case .listDeadLetterSourceQueues(let result): result.write(to: &json)
        case .startMessageMoveTask(let result): result.write(to: &json)
        case .listMessageMoveTasks(let result): result.write(to: &json)
        case .cancelMessageMoveTask(let result): result.write(to: &json)
        case .getCallerIdentity(let result): result.write(to: &json)
        case .deleteMessage, .changeMessageVisibility, .setQueueAttributes, .purgeQueue, .deleteQueue, .tagQueue,
            .untagQueue, .addPermission, .removePermission:
            break
        }
        json.give(to: &buffer)
    }

    /// Writes an error's body, such as `{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"..."}`.
    public static func encode(_ error: SQSError, into buffer: inout ByteBuffer) {
        var json = JSONWriter(taking: &buffer)
        json.beginObject()
        json.key("__type")
        json.string(errorTypeHeader(error))
        json.key("message")
        json.string(error.message)
        json.endObject()
        json.give(to: &buffer)
    }

    /// The value of `x-amzn-query-error`, whose first half SDKs show as the error's code.
    public static func queryErrorHeader(_ error: SQSError) -> String {
        "\(error.code);\(error.isSenderFault ? "Sender" : "Receiver")"
    }

    /// The value of `x-amzn-errortype`, such as `com.amazonaws.sqs#QueueDoesNotExist`.
    public static func errorTypeHeader(_ error: SQSError) -> String {
        "\(error.namespace)#\(error.type)"
    }
}
