internal import QueueModel

extension SendMessageBatchRequest {
    /// Reads the input; missing Entries are no entries.
    init(json: JSONObject) throws(SQSError) {
        let queueUrl = try json.queueUrl()
        let elements = try json.list("Entries")
        var entries: [SendMessageBatchRequestEntry] = []
        entries.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            let entry = try element.object
            let id = try entry.requiredString("Id", named: "SendMessageBatchRequestEntry.\(index + 1).Id")
            entries.append(SendMessageBatchRequestEntry(id: id, message: try MessageInput(json: entry)))
        }
        self.init(queueUrl: queueUrl, entries: entries)
    }
}

extension SendMessageBatchResult {
    /// Writes the output; an empty list is left out.
    func write(to json: inout JSONWriter) {
        json.reserve(320 * successful.count)
        json.beginObject()
        if !successful.isEmpty {
            json.key("Successful")
            json.beginArray()
            for entry in successful {
                json.beginObject()
                json.member("Id", entry.id)
                entry.result.writeMembers(to: &json)
                json.endObject()
            }
            json.endArray()
        }
        failed.write(to: &json)
        json.endObject()
    }
}
