internal import QueueModel

extension GetQueueAttributesRequest {
    /// Reads the input.
    init(query: QueryMembers) throws(SQSError) {
        self.init(
            queueUrl: try query.queueUrl(),
            attributeNames: query.strings("AttributeName")
        )
    }
}

extension GetQueueAttributesResult {
    /// Writes the output.
    func write(to output: inout some QueryOutput) {
        output.list("Attributes", of: "Attribute", attributes) { output, attribute in
            output.text("Name", attribute.name)
            output.text("Value", attribute.value)
        }
    }
}
