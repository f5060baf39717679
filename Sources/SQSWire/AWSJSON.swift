public import NIOCore
public import QueueModel

/// AWS JSON 1.0, the protocol that today's SDKs speak to SQS.
public enum AWSJSON {
    /// The content type of every answer.
    public static let contentType = "application/x-amz-json-1.0"

    /// The operations by what `X-Amz-Target` calls them.
    private static let operations = Dictionary(
        uniqueKeysWithValues: OperationName.allCases.map { ("AmazonSQS.\($0.rawValue)", $0) }
    )

    /// Reads a request.
    ///
    /// Limits and defaults are not looked at; that is for the engine.
    ///
    /// - Parameters:
    ///   - target: The header `X-Amz-Target`, such as `AmazonSQS.SendMessage`.
    ///   - body: The request's bytes; none count as an empty object.
    ///   - path: The path that the request was sent to: that of a queue stands in for a missing QueueUrl.
    /// - Returns: The operation with its input.
    /// - Throws: UnknownOperationException, SerializationException if the body is not of the operation's input shape,
    ///   and MissingParameter.
    public static func decode(
        target: String,
        body: ByteBuffer,
        path: Substring = "/"
    ) throws(SQSError) -> SQSRequest {
        guard let operation = operations[target] else { throw .unknownOperation }
        return try body.withUnsafeReadableBytes { (bytes) throws(SQSError) in
            try decode(operation, bytes, path)
        }
    }

    private static func decode(
        _ operation: OperationName,
        _ bytes: UnsafeRawBufferPointer,
        _ path: Substring
    ) throws(SQSError) -> SQSRequest {
        switch operation {
        case .sendMessage: .sendMessage(try SendMessageRequest(json: input(bytes, path)))
        case .receiveMessage: .receiveMessage(try ReceiveMessageRequest(json: input(bytes, path)))
        case .deleteMessage: .deleteMessage(try DeleteMessageRequest(json: input(bytes, path)))
        case .sendMessageBatch: .sendMessageBatch(try SendMessageBatchRequest(json: input(bytes, path)))
        case .deleteMessageBatch: .deleteMessageBatch(try DeleteMessageBatchRequest(json: input(bytes, path)))
        case .changeMessageVisibility:
            .changeMessageVisibility(try ChangeMessageVisibilityRequest(json: input(bytes, path)))
        case .changeMessageVisibilityBatch:
            .changeMessageVisibilityBatch(try ChangeMessageVisibilityBatchRequest(json: input(bytes, path)))
        case .getQueueUrl: .getQueueUrl(try GetQueueUrlRequest(json: input(bytes, path)))
        case .getQueueAttributes: .getQueueAttributes(try GetQueueAttributesRequest(json: input(bytes, path)))
        case .createQueue: .createQueue(try CreateQueueRequest(json: input(bytes, path)))
        case .listQueues: .listQueues(try ListQueuesRequest(json: input(bytes, path)))
        case .setQueueAttributes: .setQueueAttributes(try SetQueueAttributesRequest(json: input(bytes, path)))
        case .purgeQueue: .purgeQueue(try PurgeQueueRequest(json: input(bytes, path)))
        case .deleteQueue: .deleteQueue(try DeleteQueueRequest(json: input(bytes, path)))
        case .tagQueue: .tagQueue(try TagQueueRequest(json: input(bytes, path)))
        case .untagQueue: .untagQueue(try UntagQueueRequest(json: input(bytes, path)))
        case .listQueueTags: .listQueueTags(try ListQueueTagsRequest(json: input(bytes, path)))
        case .addPermission: .addPermission(try AddPermissionRequest(json: input(bytes, path)))
        case .removePermission: .removePermission(try RemovePermissionRequest(json: input(bytes, path)))
        case .listDeadLetterSourceQueues:
            .listDeadLetterSourceQueues(try ListDeadLetterSourceQueuesRequest(json: input(bytes, path)))
        case .startMessageMoveTask: .startMessageMoveTask(try StartMessageMoveTaskRequest(json: input(bytes, path)))
        case .listMessageMoveTasks: .listMessageMoveTasks(try ListMessageMoveTasksRequest(json: input(bytes, path)))
        case .cancelMessageMoveTask: .cancelMessageMoveTask(try CancelMessageMoveTaskRequest(json: input(bytes, path)))
        }
    }

    private static func input(_ bytes: UnsafeRawBufferPointer, _ path: Substring) throws(SQSError) -> JSONObject {
        var object = try object(bytes)
        object.queuePath = QueuePath.queueUrl(path)
        return object
    }

    private static func object(_ bytes: UnsafeRawBufferPointer) throws(SQSError) -> JSONObject {
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
        json.member("__type", errorTypeHeader(error))
        json.member("message", error.message)
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
