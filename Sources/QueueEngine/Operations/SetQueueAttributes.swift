import QueueModel

extension QueueEngine {
    /// Changes a queue's attributes, all or none.
    func setQueueAttributes(_ request: SetQueueAttributesRequest, _ reply: Reply) throws(SQSError) {
        let queue = try queue(request.queueUrl)
        guard !request.attributes.isEmpty else { throw .missingParameter("Attribute.Name") }
        let changes = try QueueAttributeChanges.read(request.attributes, of: queue)
        try QueueAttributeChanges.checkRedrivePolicy(in: changes, identity: identity)
        submit(.setQueueAttributes(SetQueueAttributesCommand(queue: queue, changes: changes)), reply) { outcome in
            guard case .setQueueAttributes = outcome else { outcome.isNoOutcome(of: "SetQueueAttributes") }
            return .setQueueAttributes
        }
    }
}
