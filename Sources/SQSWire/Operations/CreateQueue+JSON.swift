internal import QueueModel

extension CreateQueueRequest {
    /// Reads the input.
    ///
    /// The member `tags` is written small, unlike all others (service model).
    init(json: JSONObject) throws(SQSError) {
        let queueName = try json.requiredString("QueueName")
        let attributes = try json.stringMap("Attributes") ?? [:]
        if let tags = try json.stringMap("tags"), !tags.isEmpty {
            throw .unsupportedOperation("Tags are not supported yet.")
        }
        self.init(queueName: queueName, attributes: attributes)
    }
}

extension CreateQueueResult {
    /// Writes the output.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("QueueUrl")
        json.string(queueUrl)
        json.endObject()
    }
}
