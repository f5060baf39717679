internal import QueueModel

extension SendMessageBatchRequest {
    /// Reads the input; missing entries are no entries.
    init(query: QueryMembers) throws(SQSError) {
        let queueUrl = try query.queueUrl()
        var entries: [SendMessageBatchRequestEntry] = []
        for entry in query.elements("SendMessageBatchRequestEntry") {
            entries.append(
                SendMessageBatchRequestEntry(
                    id: try entry.requiredString("Id"),
                    message: try MessageInput(query: entry)
                )
            )
        }
        self.init(queueUrl: queueUrl, entries: entries)
    }
}

extension SendMessageBatchResult {
    /// Writes the output, in the order of the API reference's example, which is not SendMessage's.
    func write(to output: inout some QueryOutput) {
        output.list("Successful", of: "SendMessageBatchResultEntry", successful) { output, entry in
            output.text("Id", entry.id)
            output.text("MessageId", entry.result.messageId.text)
            output.text("MD5OfMessageBody", entry.result.md5OfMessageBody.text)
            output.text("MD5OfMessageAttributes", ifThere: entry.result.md5OfMessageAttributes?.text)
            output.text("MD5OfMessageSystemAttributes", ifThere: entry.result.md5OfMessageSystemAttributes?.text)
            output.text("SequenceNumber", ifThere: entry.result.sequenceNumber)
        }
        failed.write(to: &output)
    }
}
