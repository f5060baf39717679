internal import QueueModel

extension ListQueuesRequest {
    /// Reads the input.
    init(query: QueryMembers) throws(SQSError) {
        self.init(
            queueNamePrefix: query.string("QueueNamePrefix"),
            maxResults: try query.integer("MaxResults"),
            nextToken: query.string("NextToken")
        )
    }
}

extension ListQueuesResult {
    /// Writes the output; JSON spells the list's name small here.
    func write(to output: inout some QueryOutput) {
        output.texts("queueUrls", of: "QueueUrl", queueUrls)
        output.text("NextToken", ifThere: nextToken)
    }
}
