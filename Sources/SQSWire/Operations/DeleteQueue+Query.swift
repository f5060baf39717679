internal import QueueModel

extension DeleteQueueRequest {
    /// Reads the input.
    init(query: QueryMembers) throws(SQSError) {
        self.init(queueUrl: try query.queueUrl())
    }
}
