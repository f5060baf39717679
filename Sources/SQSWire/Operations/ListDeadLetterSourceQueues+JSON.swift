internal import QueueModel

extension ListDeadLetterSourceQueuesRequest {
    /// Reads the input.
    init(json: JSONObject) throws(SQSError) {
        self.init(
            queueUrl: try json.queueUrl(),
            maxResults: try json.integer("MaxResults"),
            nextToken: try json.string("NextToken")
        )
    }
}

extension ListDeadLetterSourceQueuesResult {
    /// Writes the output.
    ///
    /// The member `queueUrls` is written small, unlike ListQueues' (service model); without queues it is absent.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        if !queueUrls.isEmpty {
            json.key("queueUrls")
            json.beginArray()
            for url in queueUrls { json.string(url) }
            json.endArray()
        }
        json.member("NextToken", nextToken)
        json.endObject()
    }
}
