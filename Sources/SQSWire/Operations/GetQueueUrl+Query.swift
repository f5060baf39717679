internal import QueueModel

extension GetQueueUrlRequest {
    /// Reads the input; whose queue it is does not matter while authentication is off.
    init(query: QueryMembers) throws(SQSError) {
        self.init(queueName: try query.requiredString("QueueName"))
    }
}

extension GetQueueUrlResult {
    /// Writes the output.
    func write(to output: inout some QueryOutput) {
        output.text("QueueUrl", queueUrl)
    }
}
