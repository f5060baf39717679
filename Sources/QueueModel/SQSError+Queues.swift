// Recorded against AWS; the codes are botocore's.
extension SQSError {
    /// A purge too soon after the one before.
    public static func purgeQueueInProgress(queue: QueueName) -> SQSError {
        SQSError(
            type: "PurgeQueueInProgress",
            code: "AWS.SimpleQueueService.PurgeQueueInProgress",
            message: "Only one PurgeQueue operation on \(queue.text) is allowed every "
                + "\(Limits.purgeIntervalSeconds) seconds.",
            status: 403
        )
    }

    /// A new queue with the name of one that was deleted just now.
    public static let queueDeletedRecently = SQSError(
        type: "QueueDeletedRecently",
        code: "AWS.SimpleQueueService.QueueDeletedRecently",
        message: "You must wait \(Limits.purgeIntervalSeconds) seconds after deleting a queue "
            + "before you can create another with the same name."
    )

    /// AddPermission with more actions than AWS takes.
    public static func tooManyActions(count: Int) -> SQSError {
        overLimit("\(count) Actions were found, maximum allowed is \(Limits.permissionActionsMax).")
    }

    /// AddPermission on a queue whose Policy is full; the code is the API reference's, the wording is a belief.
    public static let tooManyPermissions = overLimit("The maximum number of permissions for this queue is reached.")

    private static func overLimit(_ message: String) -> SQSError {
        SQSError(type: "OverLimit", message: message, status: 403)
    }
}
