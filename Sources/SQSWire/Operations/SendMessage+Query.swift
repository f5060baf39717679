internal import QueueModel

extension SendMessageRequest {
    /// Reads the input.
    init(query: QueryMembers) throws(SQSError) {
        self.init(queueUrl: try query.queueUrl(), message: try MessageInput(query: query))
    }
}

extension SendMessageResult {
    /// Writes the output, in the order of the API reference's example.
    func write(to output: inout some QueryOutput) {
        output.text("MD5OfMessageBody", md5OfMessageBody.text)
        output.text("MD5OfMessageAttributes", ifThere: md5OfMessageAttributes?.text)
        output.text("MD5OfMessageSystemAttributes", ifThere: md5OfMessageSystemAttributes?.text)
        output.text("MessageId", messageId.text)
        output.text("SequenceNumber", ifThere: sequenceNumber)
    }
}
