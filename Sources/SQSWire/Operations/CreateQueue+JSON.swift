internal import QueueModel

extension CreateQueueRequest {
    /// Reads the input.
    ///
    /// The member `tags` is written small, unlike all others (service model).
    init(json: JSONObject) throws(SQSError) {
        self.init(
            queueName: try json.requiredString("QueueName"),
            attributes: try json.attributes("Attributes") ?? [:],
            tags: try json.tags("tags") ?? [:]
        )
    }
}

extension CreateQueueResult {
    /// Writes the output.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("QueueUrl", queueUrl)
        json.endObject()
    }
}
