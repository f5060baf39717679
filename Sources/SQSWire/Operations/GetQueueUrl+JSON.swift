internal import QueueModel

extension GetQueueUrlRequest {
    /// Reads the input; whose queue it is does not matter while authentication is off.
    init(json: JSONObject) throws(SQSError) {
        let queueName = try json.requiredString("QueueName")
        _ = try json.string("QueueOwnerAWSAccountId")
        self.init(queueName: queueName)
    }
}

extension GetQueueUrlResult {
    /// Writes the output.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("QueueUrl", queueUrl)
        json.endObject()
    }
}
