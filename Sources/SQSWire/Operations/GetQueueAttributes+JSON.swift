internal import QueueModel

extension GetQueueAttributesRequest {
    /// Reads the input.
    init(json: JSONObject) throws(SQSError) {
        self.init(
            queueUrl: try json.queueUrl(),
            attributeNames: try json.strings("AttributeNames")
        )
    }
}

extension GetQueueAttributesResult {
    /// Writes the output; without attributes it is an empty object.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        if !attributes.isEmpty {
            json.key("Attributes")
            json.beginObject()
            for (name, value) in attributes {
                json.key(named: name)
                json.string(value)
            }
            json.endObject()
        }
        json.endObject()
    }
}
