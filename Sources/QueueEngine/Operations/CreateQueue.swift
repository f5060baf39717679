import QueueModel

extension QueueEngine {
    /// Creates a queue, or finds the one that is there with the same values.
    func createQueue(_ request: CreateQueueRequest, for caller: Caller, _ reply: Reply) throws(SQSError) {
        guard !request.queueName.isEmpty else { throw .missingParameter("QueueName") }
        let asksForFifo = request.attributes[QueueAttributeName.fifoQueue.rawValue] == "true"
        guard let queue = QueueName(request.queueName), queue.isFifo == asksForFifo else {
            throw asksForFifo ? .fifoQueueNameIsInvalid : .queueNameIsInvalid
        }
        let attributes = try QueueAttributeChanges.read(request.attributes, of: queue)
        try QueueAttributeChanges.checkRedrivePolicy(in: attributes, identity: identity)
        try request.tags.check()

        let command = CreateQueueCommand(
            queue: queue,
            attributes: attributes,
            tags: try QueueTags().merging(request.tags, of: queue),
            recreationDelaySeconds: configuration.queueRecreationDelaySeconds
        )
        let url = queueUrl(of: queue, for: caller)
        submit(.createQueue(command), reply) { outcome in
            guard case .createdQueue = outcome else { outcome.isNoOutcome(of: "CreateQueue") }
            return .createQueue(CreateQueueResult(queueUrl: url))
        }
    }
}

extension SQSError {
    /// A name that no standard queue can have, so also one that ends in `.fifo`.
    ///
    /// The code was recorded, the wording is a belief.
    static let queueNameIsInvalid = invalidParameterValue(
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to \(Limits.queueNameLengthMax) in length"
    )

    /// A name that no FIFO queue can have; the code was recorded, the wording is a belief.
    static let fifoQueueNameIsInvalid = invalidParameterValue(
        "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, "
            + "must end with .fifo suffix and be 1 to \(Limits.queueNameLengthMax) in length."
    )
}
