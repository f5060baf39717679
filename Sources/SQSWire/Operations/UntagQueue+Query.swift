internal import QueueModel

extension UntagQueueRequest {
    /// Reads the input.
    init(query: QueryMembers) throws(SQSError) {
        self.init(queueUrl: try query.queueUrl(), tagKeys: query.strings("TagKey"))
    }
}
