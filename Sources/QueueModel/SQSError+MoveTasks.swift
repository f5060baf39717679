// Recorded against AWS.
extension SQSError {
    /// A move task from a queue that no RedrivePolicy names.
    public static let sourceMustBeDeadLetterQueue = invalidParameterValue(
        "Source queue must be configured as a Dead Letter Queue."
    )

    /// A move task between a FIFO queue and a standard one; the wording is a belief.
    public static let destinationMustBeOfSameType = invalidParameterValue(
        "Destination queue must be same type of queue as the source."
    )

    /// A second move task from one queue.
    public static let taskAlreadyRunning = invalidParameterValue(
        "There is already a task running. "
            + "Only one active task is allowed for a source queue arn at a given time."
    )

    /// A queue that a move task names and that is not there; `parameter` is SourceArn or DestinationArn.
    public static func resourceNotFound(_ parameter: String) -> SQSError {
        resourceNotFound(message: "The resource that you specified for the \(parameter) parameter doesn't exist.")
    }

    /// A handle of a task that is not there or does not run.
    public static let taskDoesNotExist = resourceNotFound(message: "Task does not exist.")

    /// A text that is no task's handle.
    public static let invalidTaskHandle = invalidParameterValue("Value for parameter TaskHandle is invalid.")

    private static func resourceNotFound(message: String) -> SQSError {
        SQSError(type: "ResourceNotFoundException", message: message, status: 404)
    }
}
