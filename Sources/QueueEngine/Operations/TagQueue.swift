import QueueModel

extension QueueEngine {
    /// Sets tags of a queue; its other tags stay.
    func tagQueue(_ request: TagQueueRequest, _ reply: Reply) throws(SQSError) {
        let queue = try queue(request.queueUrl)
        guard !request.tags.isEmpty else { throw .missingParameter("Tags") }
        try request.tags.check()
        submit(.tagQueue(TagQueueCommand(queue: queue, tags: request.tags)), reply) { outcome in
            guard case .taggedQueue = outcome else { outcome.isNoOutcome(of: "TagQueue") }
            return .tagQueue
        }
    }
}
