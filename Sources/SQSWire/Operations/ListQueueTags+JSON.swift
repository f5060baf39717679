internal import QueueModel

extension ListQueueTagsRequest {
    /// Reads the input.
    init(json: JSONObject) throws(SQSError) {
        self.init(queueUrl: try json.queueUrl())
    }
}

extension ListQueueTagsResult {
    /// Writes the output; without tags it is an empty object.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        if !tags.isEmpty {
            json.key("Tags")
            json.beginObject()
            for (key, value) in tags.sorted {
                json.key(named: key)
                json.string(value)
            }
            json.endObject()
        }
        json.endObject()
    }
}
