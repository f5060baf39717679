internal import QueueModel

extension CreateQueueRequest {
    /// Reads the input.
    init(query: QueryMembers) throws(SQSError) {
        self.init(
            queueName: try query.requiredString("QueueName"),
            attributes: try query.attributes(),
            tags: try query.tags()
        )
    }
}

extension CreateQueueResult {
    /// Writes the output.
    func write(to output: inout some QueryOutput) {
        output.text("QueueUrl", queueUrl)
    }
}
