import QueueModel

extension QueueEngine {
    /// Adds a statement to a queue's Policy.
    func addPermission(_ request: AddPermissionRequest, _ reply: Reply) throws(SQSError) {
        let queue = try queue(request.queueUrl)
        try PermissionForm.checkLabel(request.label)
        try PermissionForm.checkActions(request.actions)
        try PermissionForm.checkAccounts(request.awsAccountIds)
        let command = AddPermissionCommand(
            queue: queue,
            label: request.label,
            awsAccountIds: request.awsAccountIds,
            actions: request.actions,
            queueArn: identity.arn(of: queue)
        )
        submit(.addPermission(command), reply) { outcome in
            guard case .addedPermission = outcome else { outcome.isNoOutcome(of: "AddPermission") }
            return .addPermission
        }
    }
}
