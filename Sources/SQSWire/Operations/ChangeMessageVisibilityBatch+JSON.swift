internal import QueueModel

extension ChangeMessageVisibilityBatchRequest {
    /// Reads the input; missing Entries are no entries.
    init(json: JSONObject) throws(SQSError) {
        let queueUrl = try json.queueUrl()
        var entries: [ChangeMessageVisibilityBatchRequestEntry] = []
        for (index, element) in try json.list("Entries").enumerated() {
            let entry = try element.object
            func name(_ member: String) -> String { "ChangeMessageVisibilityBatchRequestEntry.\(index + 1).\(member)" }
            entries.append(
                ChangeMessageVisibilityBatchRequestEntry(
                    id: try entry.requiredString("Id", named: name("Id")),
                    receiptHandle: try entry.requiredString("ReceiptHandle", named: name("ReceiptHandle")),
                    visibilityTimeoutSeconds: try entry.integer("VisibilityTimeout")
                )
            )
        }
        self.init(queueUrl: queueUrl, entries: entries)
    }
}
