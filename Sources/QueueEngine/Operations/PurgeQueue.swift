import QueueModel

extension QueueEngine {
    /// Deletes all messages of a queue, those in flight and delayed ones too.
    func purgeQueue(_ request: PurgeQueueRequest, _ reply: Reply) throws(SQSError) {
        let command = PurgeQueueCommand(
            queue: try queue(request.queueUrl),
            intervalSeconds: configuration.purgeIntervalSeconds
        )
        submit(.purgeQueue(command), reply) { outcome in
            guard case .purgedQueue = outcome else { outcome.isNoOutcome(of: "PurgeQueue") }
            return .purgeQueue
        }
    }
}
