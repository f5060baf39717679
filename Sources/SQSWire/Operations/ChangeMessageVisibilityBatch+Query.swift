internal import QueueModel

extension ChangeMessageVisibilityBatchRequest {
    /// Reads the input; missing entries are no entries.
    init(query: QueryMembers) throws(SQSError) {
        let queueUrl = try query.queueUrl()
        var entries: [ChangeMessageVisibilityBatchRequestEntry] = []
        for entry in query.elements("ChangeMessageVisibilityBatchRequestEntry") {
            entries.append(
                ChangeMessageVisibilityBatchRequestEntry(
                    id: try entry.requiredString("Id"),
                    receiptHandle: try entry.requiredString("ReceiptHandle"),
                    visibilityTimeoutSeconds: try entry.integer("VisibilityTimeout")
                )
            )
        }
        self.init(queueUrl: queueUrl, entries: entries)
    }
}
