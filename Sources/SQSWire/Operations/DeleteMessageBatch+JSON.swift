internal import QueueModel

extension DeleteMessageBatchRequest {
    /// Reads the input; missing Entries are no entries.
    init(json: JSONObject) throws(SQSError) {
        let queueUrl = try json.queueUrl()
        var entries: [DeleteMessageBatchRequestEntry] = []
        for (index, element) in try json.list("Entries").enumerated() {
            let entry = try element.object
            func name(_ member: String) -> String { "DeleteMessageBatchRequestEntry.\(index + 1).\(member)" }
            entries.append(
                DeleteMessageBatchRequestEntry(
                    id: try entry.requiredString("Id", named: name("Id")),
                    receiptHandle: try entry.requiredString("ReceiptHandle", named: name("ReceiptHandle"))
                )
            )
        }
        self.init(queueUrl: queueUrl, entries: entries)
    }
}
