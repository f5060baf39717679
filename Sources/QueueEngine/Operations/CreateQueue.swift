import QueueModel

extension QueueEngine {
    /// Creates a standard queue, or finds the one that is there with the same values.
    func createQueue(_ request: CreateQueueRequest, for caller: Caller, _ reply: Reply) throws(SQSError) {
        guard !request.queueName.isEmpty else { throw .missingParameter("QueueName") }
        guard let queue = QueueName(request.queueName) else { throw .queueNameIsInvalid }
        guard !queue.isFifo else { throw .unsupportedOperation("FIFO queues are not supported yet.") }
        if request.attributes[QueueAttributeName.fifoQueue.rawValue] == "true" {
            throw .invalidParameterValue(
                "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, "
                    + "must end with .fifo suffix and be 1 to \(Limits.queueNameLengthMax) in length."
            )
        }
        let attributes = try QueueAttributeChanges.read(request.attributes)
        _ = try QueueAttributes().changed(by: attributes)
        try QueueAttributeChanges.checkRedrivePolicy(in: attributes, identity: identity)

        let url = queueUrl(of: queue, for: caller)
        submit(.createQueue(CreateQueueCommand(queue: queue, attributes: attributes)), reply) { outcome in
            guard case .createdQueue = outcome else { outcome.isNoOutcome(of: "CreateQueue") }
            return .createQueue(CreateQueueResult(queueUrl: url))
        }
    }
}

extension SQSError {
    /// A name that no queue can have; the code was recorded, the wording is a belief.
    static let queueNameIsInvalid = invalidParameterValue(
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to \(Limits.queueNameLengthMax) in length"
    )
}
