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

    /// The namespace of the error's shape.
    var namespace: String {
        switch type {
        case "UnknownOperationException", "SerializationException": "com.amazon.coral.service"
        default: "com.amazonaws.sqs"
        }
    }
}
