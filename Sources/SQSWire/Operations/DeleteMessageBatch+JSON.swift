internal import QueueModel

extension DeleteMessageBatchRequest {
    /// Reads the input; missing Entries are no entries.
    init(json: JSONObject) throws(SQSError) {
        let queueUrl = try json.queueUrl()
        let elements = try json.list("Entries")
        var entries: [DeleteMessageBatchRequestEntry] = []
        entries.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
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
