internal import QueueModel

extension DeleteMessageBatchRequest {
    /// Reads the input; missing entries are no entries.
    init(query: QueryMembers) throws(SQSError) {
        let queueUrl = try query.queueUrl()
        var entries: [DeleteMessageBatchRequestEntry] = []
        for entry in query.elements("DeleteMessageBatchRequestEntry") {
            entries.append(
                DeleteMessageBatchRequestEntry(
                    id: try entry.requiredString("Id"),
                    receiptHandle: try entry.requiredString("ReceiptHandle")
                )
            )
        }
        self.init(queueUrl: queueUrl, entries: entries)
    }
}
