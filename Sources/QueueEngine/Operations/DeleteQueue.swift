import QueueModel

extension QueueEngine {
    /// Deletes a queue with all its messages; polls that wait on it end.
    func deleteQueue(_ request: DeleteQueueRequest, _ reply: Reply) throws(SQSError) {
        submit(.deleteQueue(try queue(request.queueUrl)), reply) { outcome in
            guard case .deletedQueue = outcome else { outcome.isNoOutcome(of: "DeleteQueue") }
            return .deleteQueue
        }
    }
}
