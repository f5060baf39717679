import QueueModel

extension QueueEngine {
    /// Removes a statement from a queue's Policy.
    func removePermission(_ request: RemovePermissionRequest, _ reply: Reply) throws(SQSError) {
        let queue = try queue(request.queueUrl)
        try PermissionForm.checkLabel(request.label)
        let command = RemovePermissionCommand(queue: queue, label: request.label)
        submit(.removePermission(command), reply) { outcome in
            guard case .removedPermission = outcome else { outcome.isNoOutcome(of: "RemovePermission") }
            return .removePermission
        }
    }
}
