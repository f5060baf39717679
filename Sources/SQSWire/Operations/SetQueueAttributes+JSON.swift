internal import QueueModel

extension SetQueueAttributesRequest {
    /// Reads the input.
    init(json: JSONObject) throws(SQSError) {
        let queueUrl = try json.queueUrl()
        guard let attributes = try json.attributes("Attributes") else { throw .missingParameter("Attributes") }
        self.init(queueUrl: queueUrl, attributes: attributes)
    }
}
