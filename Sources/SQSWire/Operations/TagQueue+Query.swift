internal import QueueModel

extension TagQueueRequest {
    /// Reads the input.
    init(query: QueryMembers) throws(SQSError) {
        let queueUrl = try query.queueUrl()
        let tags = try query.tags()
        guard !tags.isEmpty else { throw .missingParameter("Tags") }
        self.init(queueUrl: queueUrl, tags: tags)
    }
}
