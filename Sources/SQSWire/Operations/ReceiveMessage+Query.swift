internal import QueueModel

extension ReceiveMessageRequest {
    /// Reads the input.
    init(query: QueryMembers) throws(SQSError) {
        // AttributeName is the older name of MessageSystemAttributeName; here it wins, other than in JSON (recorded).
        let olderNames = query.strings("AttributeName")
        self.init(
            queueUrl: try query.queueUrl(),
            systemAttributeNames: olderNames.isEmpty ? query.strings("MessageSystemAttributeName") : olderNames,
            messageAttributeNames: query.strings("MessageAttributeName"),
            maxNumberOfMessages: try query.integer("MaxNumberOfMessages"),
            visibilityTimeoutSeconds: try query.integer("VisibilityTimeout"),
            waitTimeSeconds: try query.integer("WaitTimeSeconds"),
            receiveRequestAttemptId: query.string("ReceiveRequestAttemptId")
        )
    }
}

extension ReceiveMessageResult {
    /// Writes the output; JSON spells the list's name small here (recorded).
    func write(to output: inout some QueryOutput) {
        output.list("messages", of: "Message", messages) { $1.write(to: &$0) }
    }
}

extension Message {
    fileprivate func write(to output: inout some QueryOutput) {
        output.text("MessageId", messageId.text)
        output.text("ReceiptHandle", receiptHandle)
        output.text("MD5OfBody", md5OfBody.text)
        output.text("Body", utf8: body)
        output.list("Attributes", of: "Attribute", systemAttributes) { output, attribute in
            output.text("Name", attribute.name.rawValue)
            output.text("Value", attribute.value)
        }
        output.text("MD5OfMessageAttributes", ifThere: md5OfMessageAttributes?.text)
        output.list("MessageAttributes", of: "MessageAttribute", messageAttributes) { output, attribute in
            output.text("Name", attribute.name)
            output.structure("Value") { output in
                switch attribute.value {
                case .string(let text): output.text("StringValue", text)
                case .binary(let bytes): output.base64("BinaryValue", bytes)
                }
                output.text("DataType", attribute.dataType)
            }
        }
    }
}
