internal import QueueModel

extension TagQueueRequest {
    /// Reads the input.
    init(json: JSONObject) throws(SQSError) {
        let queueUrl = try json.queueUrl()
        guard let tags = try json.tags("Tags") else { throw .missingParameter("Tags") }
        self.init(queueUrl: queueUrl, tags: tags)
    }
}
