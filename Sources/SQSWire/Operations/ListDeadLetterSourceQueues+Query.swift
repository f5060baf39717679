internal import QueueModel

extension ListDeadLetterSourceQueuesRequest {
    /// Reads the input.
    init(query: QueryMembers) throws(SQSError) {
        self.init(
            queueUrl: try query.queueUrl(),
            maxResults: try query.integer("MaxResults"),
            nextToken: query.string("NextToken")
        )
    }
}

extension ListDeadLetterSourceQueuesResult {
    /// Writes the output.
    func write(to output: inout some QueryOutput) {
        output.texts("queueUrls", of: "QueueUrl", queueUrls)
        output.text("NextToken", ifThere: nextToken)
    }
}
