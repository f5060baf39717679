internal import QueueModel

extension SendMessageRequest {
    /// Reads the input.
    init(json: JSONObject) throws(SQSError) {
        let queueUrl = try json.queueUrl()
        self.init(queueUrl: queueUrl, message: try MessageInput(json: json))
    }
}

extension SendMessageResult {
    /// Writes the output.
    func write(to json: inout JSONWriter) {
        json.reserve(320)
        json.beginObject()
        writeMembers(to: &json)
        json.endObject()
    }

    /// Writes the members that an entry of SendMessageBatch's output has, too.
    func writeMembers(to json: inout JSONWriter) {
        json.member("MessageId", messageId)
        json.member("MD5OfMessageBody", md5OfMessageBody)
        json.member("MD5OfMessageAttributes", md5OfMessageAttributes)
        json.member("MD5OfMessageSystemAttributes", md5OfMessageSystemAttributes)
        json.member("SequenceNumber", sequenceNumber)
    }
}
