internal import QueueModel

extension PurgeQueueRequest {
    /// Reads the input.
    init(query: QueryMembers) throws(SQSError) {
        self.init(queueUrl: try query.queueUrl())
    }
}
