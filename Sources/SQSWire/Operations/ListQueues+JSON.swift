internal import QueueModel

extension ListQueuesRequest {
    /// Reads the input.
    init(json: JSONObject) throws(SQSError) {
        self.init(
            queueNamePrefix: try json.string("QueueNamePrefix"),
            maxResults: try json.integer("MaxResults"),
            nextToken: try json.string("NextToken")
        )
    }
}

extension ListQueuesResult {
    /// Writes the output; without queues it is an empty object.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        if !queueUrls.isEmpty {
            json.key("QueueUrls")
            json.beginArray()
            for url in queueUrls { json.string(url) }
            json.endArray()
        }
        json.member("NextToken", nextToken)
        json.endObject()
    }
}
