internal import QueueModel

extension MessageInput {
    /// Reads the members that SendMessage's input and the entries of SendMessageBatch have in common.
    ///
    /// A missing body is read as an empty one: the answer is the same.
    init(json: JSONObject) throws(SQSError) {
        self.init(
            body: try json.utf8("MessageBody") ?? [],
            delaySeconds: try json.integer("DelaySeconds"),
            attributes: try MessageAttributeInput.all(in: json, "MessageAttributes"),
            systemAttributes: try MessageAttributeInput.all(in: json, "MessageSystemAttributes"),
            messageGroupId: try json.string("MessageGroupId"),
            messageDeduplicationId: try json.string("MessageDeduplicationId")
        )
    }
}

extension MessageAttributeInput {
    /// Reads a map from names to values; of equal names the last one counts.
    static func all(in json: JSONObject, _ key: StaticString) throws(SQSError) -> [MessageAttributeInput] {
        guard let members = try json.object(key)?.members, !members.isEmpty else { return [] }
        var attributes: [MessageAttributeInput] = []
        attributes.reserveCapacity(members.count)
        var names: Set<JSONString> = []
        for member in members.reversed() {
            guard members.count == 1 || names.insert(member.key).inserted else { continue }
            if case .null = member.value { continue }
            attributes.append(try MessageAttributeInput(name: member.key.text, json: member.value.object))
        }
        attributes.reverse()
        return attributes
    }

    private init(name: String, json: JSONObject) throws(SQSError) {
        let hasStringListValues = try !json.list("StringListValues").isEmpty
        let hasBinaryListValues = try !json.list("BinaryListValues").isEmpty
        self.init(
            name: name,
            dataType: try json.string("DataType") ?? "",
            stringValue: try json.string("StringValue"),
            binaryValue: try json.blob("BinaryValue"),
            hasListValues: hasStringListValues || hasBinaryListValues
        )
    }
}
