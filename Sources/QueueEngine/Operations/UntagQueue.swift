import QueueModel

extension QueueEngine {
    /// Removes tags of a queue; keys that it does not have are no error.
    func untagQueue(_ request: UntagQueueRequest, _ reply: Reply) throws(SQSError) {
        let queue = try queue(request.queueUrl)
        guard !request.tagKeys.isEmpty else { throw .missingParameter("TagKeys") }
        for key in request.tagKeys { try QueueTags.checkKey(key) }
        submit(.untagQueue(UntagQueueCommand(queue: queue, tagKeys: request.tagKeys)), reply) { outcome in
            guard case .untaggedQueue = outcome else { outcome.isNoOutcome(of: "UntagQueue") }
            return .untagQueue
        }
    }
}
