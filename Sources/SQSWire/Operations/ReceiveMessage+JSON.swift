internal import QueueModel

extension ReceiveMessageRequest {
    /// Reads the input.
    ///
    /// AttributeNames is the older name of MessageSystemAttributeNames; JSON joins them (recorded).
    init(json: JSONObject) throws(SQSError) {
        self.init(
            queueUrl: try json.queueUrl(),
            systemAttributeNames: try json.strings("AttributeNames") + json.strings("MessageSystemAttributeNames"),
            messageAttributeNames: try json.strings("MessageAttributeNames"),
            maxNumberOfMessages: try json.integer("MaxNumberOfMessages"),
            visibilityTimeoutSeconds: try json.integer("VisibilityTimeout"),
            waitTimeSeconds: try json.integer("WaitTimeSeconds"),
            receiveRequestAttemptId: try json.string("ReceiveRequestAttemptId")
        )
    }
}

extension ReceiveMessageResult {
    /// Writes the output; without messages it is an empty object.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        if !messages.isEmpty {
            json.key("Messages")
            json.beginArray()
            for message in messages { message.write(to: &json) }
            json.endArray()
        }
        json.endObject()
    }
}

extension Message {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("MessageId", messageId)
        json.member("ReceiptHandle", receiptHandle)
        json.member("MD5OfBody", md5OfBody)
        json.member("Body", body)
        if !systemAttributes.isEmpty {
            json.key("Attributes")
            json.beginObject()
            for attribute in systemAttributes {
                json.key(named: attribute.name.rawValue)
                json.string(attribute.value)
            }
            json.endObject()
        }
        json.member("MD5OfMessageAttributes", md5OfMessageAttributes)
        if !messageAttributes.isEmpty {
            json.key("MessageAttributes")
            json.beginObject()
            for attribute in messageAttributes {
                json.key(named: attribute.name)
                attribute.write(to: &json)
            }
            json.endObject()
        }
        json.endObject()
    }
}

extension MessageAttribute {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        switch value {
        case .string(let text):
            json.member("StringValue", text)
        case .binary(let bytes):
            json.key("BinaryValue")
            json.base64(bytes)
        }
        json.member("DataType", dataType)
        json.endObject()
    }
}
