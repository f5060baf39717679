public import NIOCore
public import QueueModel

/// The Query protocol, which SDKs spoke to SQS before 2023: parameters in a form, and XML.
public enum AWSQuery {
    /// In what an answer is written.
    public enum Format: Sendable {
        /// What the service model has.
        case xml

        /// What a GET gets that accepts JSON (recorded).
        case json

        /// The content type of every answer.
        public var contentType: String {
            switch self {
            case .xml: "text/xml"
            case .json: "application/json"
            }
        }
    }

    /// The action of STS that is answered here, too.
    private static let getCallerIdentity = "GetCallerIdentity"

    /// Reads a request.
    ///
    /// The parameter Version is not looked at: AWS itself does without it on queue URLs. Limits and defaults are not
    /// looked at either; that is for the engine.
    ///
    /// - Parameter parameters: All of the request's parameters.
    /// - Returns: The operation with its input.
    /// - Throws: InvalidAction for an action that SQS does not have or not at the path of a queue, MissingParameter,
    ///   and InvalidParameterValue for what is no number and no base64.
    public static func decode(_ parameters: QueryParameters) throws(SQSError) -> SQSRequest {
        let action = parameters.action ?? ""
        let isQueuePath = parameters.queuePath != nil
        if action == getCallerIdentity, !isQueuePath {
            return .getCallerIdentity(GetCallerIdentityRequest())
        }
        guard let operation = OperationName(rawValue: action),
            !(isQueuePath && (operation == .createQueue || operation == .listQueues))
        else { throw .invalidAction(action) }
        return try decode(operation, parameters.root)
    }

    private static func decode(_ operation: OperationName, _ query: QueryMembers) throws(SQSError) -> SQSRequest {
        switch operation {
        case .sendMessage: .sendMessage(try SendMessageRequest(query: query))
        case .receiveMessage: .receiveMessage(try ReceiveMessageRequest(query: query))
        case .deleteMessage: .deleteMessage(try DeleteMessageRequest(query: query))
        case .sendMessageBatch: .sendMessageBatch(try SendMessageBatchRequest(query: query))
        case .deleteMessageBatch: .deleteMessageBatch(try DeleteMessageBatchRequest(query: query))
        case .changeMessageVisibility: .changeMessageVisibility(try ChangeMessageVisibilityRequest(query: query))
        case .changeMessageVisibilityBatch:
            .changeMessageVisibilityBatch(try ChangeMessageVisibilityBatchRequest(query: query))
        case .getQueueUrl: .getQueueUrl(try GetQueueUrlRequest(query: query))
        case .getQueueAttributes: .getQueueAttributes(try GetQueueAttributesRequest(query: query))
        case .createQueue: .createQueue(try CreateQueueRequest(query: query))
        case .listQueues: .listQueues(try ListQueuesRequest(query: query))
        case .setQueueAttributes: .setQueueAttributes(try SetQueueAttributesRequest(query: query))
        case .purgeQueue: .purgeQueue(try PurgeQueueRequest(query: query))
        case .deleteQueue: .deleteQueue(try DeleteQueueRequest(query: query))
        case .tagQueue: .tagQueue(try TagQueueRequest(query: query))
        case .untagQueue: .untagQueue(try UntagQueueRequest(query: query))
        case .listQueueTags: .listQueueTags(try ListQueueTagsRequest(query: query))
        case .addPermission: .addPermission(try AddPermissionRequest(query: query))
        case .removePermission: .removePermission(try RemovePermissionRequest(query: query))
        case .listDeadLetterSourceQueues:
            .listDeadLetterSourceQueues(try ListDeadLetterSourceQueuesRequest(query: query))
        case .startMessageMoveTask: .startMessageMoveTask(try StartMessageMoveTaskRequest(query: query))
        case .listMessageMoveTasks: .listMessageMoveTasks(try ListMessageMoveTasksRequest(query: query))
        case .cancelMessageMoveTask: .cancelMessageMoveTask(try CancelMessageMoveTaskRequest(query: query))
        }
    }

    /// Writes an answer's body behind what the buffer holds.
    ///
    /// - Parameters:
    ///   - result: What the operation gave.
    ///   - requestId: The id that the answer's header tells, too.
    ///   - format: XML, or JSON where it was asked for.
    ///   - buffer: What is written to.
    public static func encode(
        _ result: SQSResult,
        requestId: String,
        as format: Format = .xml,
        into buffer: inout ByteBuffer
    ) {
        let action = result.action
        switch format {
        case .xml:
            var output = XMLOutput(taking: &buffer)
            output.document("\(action)Response", namespace: result.namespace) { output in
                if result.hasOutput {
                    output.element("\(action)Result") { result.write(to: &$0) }
                }
                output.structure("ResponseMetadata") { $0.text("RequestId", requestId) }
            }
            output.give(to: &buffer)
        case .json:
            var output = JSONOutput(json: JSONWriter(taking: &buffer))
            output.object { output in
                output.json.key(named: "\(action)Response")
                output.object { output in
                    if result.hasOutput {
                        output.json.key(named: "\(action)Result")
                        output.object { result.write(to: &$0) }
                    }
                    output.structure("ResponseMetadata") { $0.text("RequestId", requestId) }
                }
            }
            output.json.give(to: &buffer)
        }
    }

    /// Writes an error's body behind what the buffer holds.
    ///
    /// The form, with an empty Detail in XML alone, and the words for a missing queue were recorded; they differ from
    /// AWS JSON's.
    public static func encode(
        _ error: SQSError,
        requestId: String,
        as format: Format = .xml,
        into buffer: inout ByteBuffer
    ) {
        switch format {
        case .xml:
            var output = XMLOutput(taking: &buffer)
            output.document("ErrorResponse", namespace: SQSResult.sqsNamespace) { output in
                output.structure("Error") { output in
                    error.writeMembers(to: &output)
                    output.empty("Detail")
                }
                output.text("RequestId", requestId)
            }
            output.give(to: &buffer)
        case .json:
            var output = JSONOutput(json: JSONWriter(taking: &buffer))
            output.object { output in
                output.structure("Error") { error.writeMembers(to: &$0) }
                output.text("RequestId", requestId)
            }
            output.json.give(to: &buffer)
        }
    }
}

extension SQSError {
    fileprivate func writeMembers(to output: inout some QueryOutput) {
        output.text("Type", isSenderFault ? "Sender" : "Receiver")
        output.text("Code", code)
        output.text("Message", queryMessage)
    }
}
