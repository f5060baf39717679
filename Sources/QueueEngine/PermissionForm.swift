import QueueModel

/// The form of what AddPermission and RemovePermission are given.
enum PermissionForm {
    /// What a permission can be for (AddPermission in the API reference).
    private static let actions: Set<String> = [
        "*", "SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueAttributes",
        "GetQueueUrl", "ListDeadLetterSourceQueues", "PurgeQueue",
    ]

    /// What is the owner's alone (Developer Guide, "Amazon SQS API permissions").
    private static let ownersActions: Set<String> = [
        "AddPermission", "CancelMessageMoveTask", "CreateQueue", "DeleteQueue", "ListMessageMoveTasks", "ListQueues",
        "ListQueueTags", "RemovePermission", "SetQueueAttributes", "StartMessageMoveTask", "TagQueue", "UntagQueue",
    ]

    /// Checks that a label has 1 to 80 letters, digits, hyphens and underscores.
    static func checkLabel(_ label: String) throws(SQSError) {
        guard !label.isEmpty else { throw .missingParameter("Label") }
        guard BatchEntries.hasIdForm(label, lengthMax: Limits.permissionLabelLengthMax) else {
            throw .invalidParameterValue(
                label,
                for: "Label",
                reason: "Can only include alphanumeric characters, hyphens, or underscores. "
                    + "1 to \(Limits.permissionLabelLengthMax) in length."
            )
        }
    }

    /// Checks that there are 1 to 7 actions, and each one can be permitted.
    static func checkActions(_ names: [String]) throws(SQSError) {
        guard !names.isEmpty else { throw .missingParameter("Actions") }
        guard names.count <= Limits.permissionActionsMax else { throw .tooManyActions(count: names.count) }
        for name in names where !actions.contains(name) {
            throw .invalidParameterValue(
                "SQS:\(name)",
                for: "ActionName",
                reason: ownersActions.contains(name)
                    ? "Only the queue owner is allowed to invoke this action."
                    : "Please refer to the appropriate WSDL for a list of valid actions."
            )
        }
    }

    /// Checks that there are accounts, each of twelve digits.
    static func checkAccounts(_ ids: [String]) throws(SQSError) {
        guard !ids.isEmpty else { throw .missingParameter("AWSAccountIds") }
        guard ids.allSatisfy(isAccount) else {
            throw .invalidParameterValue(
                "[\(ids.joined(separator: ", "))]",
                for: "PrincipalId",
                reason: "Unable to verify."
            )
        }
    }

    private static func isAccount(_ id: String) -> Bool {
        id.utf8.count == 12 && id.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
