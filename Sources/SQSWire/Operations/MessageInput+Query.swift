internal import QueueModel

extension MessageInput {
    /// Reads the members that SendMessage's input and the entries of SendMessageBatch have in common.
    ///
    /// A missing body is read as an empty one: the answer is the same.
    init(query: QueryMembers) throws(SQSError) {
        self.init(
            body: query.utf8("MessageBody") ?? [],
            delaySeconds: try query.integer("DelaySeconds"),
            attributes: try MessageAttributeInput.all(in: query, "MessageAttribute"),
            systemAttributes: try MessageAttributeInput.all(in: query, "MessageSystemAttribute"),
            messageGroupId: query.string("MessageGroupId"),
            messageDeduplicationId: query.string("MessageDeduplicationId")
        )
    }
}

extension MessageAttributeInput {
    /// Reads `MessageAttribute.N.Name` and `MessageAttribute.N.Value`, in the order of their numbers.
    static func all(in query: QueryMembers, _ name: String) throws(SQSError) -> [MessageAttributeInput] {
        var attributes: [MessageAttributeInput] = []
        for element in query.elements(name) {
            let value = element.members("Value")
            attributes.append(
                MessageAttributeInput(
                    name: element.string("Name") ?? "",
                    dataType: value?.string("DataType") ?? "",
                    stringValue: value?.string("StringValue"),
                    binaryValue: try value?.blob("BinaryValue"),
                    hasListValues: value?.members("StringListValue") != nil || value?.members("BinaryListValue") != nil
                )
            )
        }
        return attributes
    }
}
