internal import QueueModel

// These two come from the frame that AWS's services share, not from SQS: `com.amazon.coral.service`.
extension SQSError {
    /// A target or action that SQS does not have; the words are from "Common Errors" in the API reference.
    static let unknownOperation = SQSError(
        type: "UnknownOperationException",
        message: "The requested operation is not recognized by the service."
    )

    /// A body that is not what the operation's input shape says.
    static func serialization(_ message: String) -> SQSError {
        SQSError(type: "SerializationException", message: message)
    }

    /// Parameters of the Query protocol that can't be read; code and status are from "Common Errors" in the API
    /// reference.
    static func malformedQueryString(_ message: String) -> SQSError {
        SQSError(type: "MalformedQueryString", message: message, status: 404)
    }

    /// An action that SQS does not have, or not at this path (recorded).
    static func invalidAction(_ action: String) -> SQSError {
        SQSError(type: "InvalidAction", message: "The action \(action) is not valid for this endpoint.")
    }

    /// The message as the Query protocol words it, which knows a missing queue in other words (recorded).
    var queryMessage: String {
        self == .queueDoesNotExist ? "The specified queue does not exist for this wsdl version." : message
    }

    /// The namespace of the error's shape.
    var namespace: String {
        switch type {
        case "UnknownOperationException", "SerializationException": "com.amazon.coral.service"
        default: "com.amazonaws.sqs"
        }
    }
}
