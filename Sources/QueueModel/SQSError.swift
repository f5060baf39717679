/// An error as SQS answers it: the same in both protocols but for its spelling on the wire.
public struct SQSError: Error, Sendable, Equatable {
    /// The name of the error's shape in the service model, as JSON's `__type` ends in it.
    public let type: String

    /// The code of the Query protocol, which `x-amzn-query-error` repeats; SDKs show this one.
    public let code: String

    /// The text for people, worded as AWS words it.
    public let message: String

    /// The HTTP status.
    public let status: Int

    /// Whether the caller is to blame ("Sender"), or the service ("Receiver").
    public var isSenderFault: Bool {
        status < 500
    }

    /// Makes an error; `code` is the type's own name unless AWS uses another one.
    public init(type: String, code: String? = nil, message: String, status: Int = 400) {
        self.type = type
        self.code = code ?? type
        self.message = message
        self.status = status
    }
}

// The codes are botocore's (1.29 still carries the Query protocol's), the messages were recorded against AWS.
extension SQSError {
    /// The queue is not there, or not any more.
    public static let queueDoesNotExist = SQSError(
        type: "QueueDoesNotExist",
        code: "AWS.SimpleQueueService.NonExistentQueue",
        message: "The specified queue does not exist."
    )

    /// CreateQueue with a value that differs from the existing queue's.
    public static func queueNameExists(differing attribute: QueueAttributeName) -> SQSError {
        SQSError(
            type: "QueueNameExists",
            code: "QueueAlreadyExists",
            message:
                "A queue already exists with the same name and a different value for attribute \(attribute.rawValue)"
        )
    }

    /// A parameter whose value can't be used; `message` is the whole text.
    public static func invalidParameterValue(_ message: String) -> SQSError {
        SQSError(type: "InvalidParameterValueException", code: "InvalidParameterValue", message: message)
    }

    /// A parameter whose value can't be used, in AWS's usual words.
    public static func invalidParameterValue(_ value: String, for parameter: String, reason: String) -> SQSError {
        invalidParameterValue("Value \(value) for parameter \(parameter) is invalid. Reason: \(reason)")
    }

    /// A message that is larger than its queue's MaximumMessageSize, from SendMessage.
    public static func messageTooLong(limitBytes: Int) -> SQSError {
        invalidParameterValue("\(invalidParameters)Message must be shorter than \(limitBytes) bytes.")
    }

    /// A parameter that only queues of the other type have.
    public static func notValidForQueueType(_ value: String, for parameter: String) -> SQSError {
        invalidParameterValue(value, for: parameter, reason: notValidForQueueType + ".")
    }

    /// The error as an entry of a batch tells it: `messageTooLong` and `notValidForQueueType` have other words there.
    ///
    /// The first is recorded, the other one as in aws-sdk-js, issues 3187 and 4216.
    public var inBatch: SQSError {
        let text: String
        if message.hasPrefix(SQSError.invalidParameters) {
            let reason = message.dropFirst(SQSError.invalidParameters.count)
            text = "One or more parameters cannot be validated. Reason: \(reason)"
        } else if message.hasSuffix(SQSError.notValidForQueueType + ".") {
            text = SQSError.notValidForQueueType
        } else {
            return self
        }
        return SQSError(type: type, code: code, message: text, status: status)
    }

    private static let notValidForQueueType = "The request include parameter that is not valid for this queue type"

    private static let invalidParameters = "One or more parameters are invalid. Reason: "

    /// A required parameter that is absent or empty.
    public static func missingParameter(_ parameter: String) -> SQSError {
        SQSError(
            type: "MissingRequiredParameterException",
            code: "MissingParameter",
            message: "The request must contain the parameter \(parameter)."
        )
    }

    /// An attribute name the queue does not know, or that does not fit it.
    public static func invalidAttributeName(_ message: String) -> SQSError {
        SQSError(type: "InvalidAttributeName", message: message)
    }

    /// An attribute value out of range or of the wrong form.
    public static func invalidAttributeValue(for parameter: String, reason: String? = nil) -> SQSError {
        let suffix = reason.map { " Reason: \($0)" } ?? ""
        return SQSError(
            type: "InvalidAttributeValue",
            message: "Invalid value for the parameter \(parameter).\(suffix)"
        )
    }

    /// A receipt handle that this broker never gave for this queue.
    public static func receiptHandleIsInvalid(_ handle: String) -> SQSError {
        SQSError(
            type: "ReceiptHandleIsInvalid",
            message: "The input receipt handle \"\(handle)\" is not a valid receipt handle."
        )
    }

    /// A body or attribute with a character that XML 1.0 does not have.
    public static func invalidMessageContents(_ message: String) -> SQSError {
        SQSError(type: "InvalidMessageContents", message: message)
    }

    /// A short poll on a queue that has 120,000 messages in flight.
    public static let overLimit = SQSError(
        type: "OverLimit",
        message: "Too many messages in flight for this queue. The limit is \(Limits.inFlightMessagesMax).",
        status: 403
    )

    /// A repeated ReceiveRequestAttemptId whose messages were deleted or changed since.
    public static func receiveAttemptIsOver(_ attemptId: String) -> SQSError {
        invalidParameterValue(
            attemptId,
            for: "ReceiveRequestAttemptId",
            reason: "The receiveRequestAttemptId is not valid anymore since the receive call is not retryable."
        )
    }

    /// An operation that this endpoint does not have.
    public static func unsupportedOperation(_ message: String) -> SQSError {
        SQSError(
            type: "UnsupportedOperation",
            code: "AWS.SimpleQueueService.UnsupportedOperation",
            message: message
        )
    }

    /// StringListValues or BinaryListValues, which the service model has and SQS never did.
    public static let listValuesAreUnsupported = unsupportedOperation(
        "Message attribute list values are not supported."
    )

    /// The store can't take the request now; SDKs try again.
    public static func serviceUnavailable(_ message: String) -> SQSError {
        SQSError(type: "ServiceUnavailable", message: message, status: 503)
    }

    /// The store failed; nothing is known of the request's fate.
    public static let internalFailure = SQSError(
        type: "InternalFailure",
        message: "The request processing has failed because of an unknown error, exception or failure.",
        status: 500
    )
}
