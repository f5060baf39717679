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
            for (key, value) in sortedTags {
                json.key(named: key)
                json.string(value)
            }
            json.endObject()
        }
        json.endObject()
    }

    /// The tags in the order of their keys' bytes, so that the same tags are always the same answer.
    var sortedTags: [(key: String, value: String)] {
        tags.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }
}
