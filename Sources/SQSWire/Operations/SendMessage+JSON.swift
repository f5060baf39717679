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
        json.key("MessageId")
        json.string(messageId)
        json.key("MD5OfMessageBody")
        json.string(md5OfMessageBody)
        if let md5OfMessageAttributes {
            json.key("MD5OfMessageAttributes")
            json.string(md5OfMessageAttributes)
        }
        if let md5OfMessageSystemAttributes {
            json.key("MD5OfMessageSystemAttributes")
            json.string(md5OfMessageSystemAttributes)
        }
        if let sequenceNumber {
            json.key("SequenceNumber")
            json.string(sequenceNumber)
        }
    }
}
