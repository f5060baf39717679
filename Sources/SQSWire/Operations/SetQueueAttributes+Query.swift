internal import QueueModel

extension SetQueueAttributesRequest {
    /// Reads the input.
    init(query: QueryMembers) throws(SQSError) {
        let queueUrl = try query.queueUrl()
        let attributes = try query.attributes()
        guard !attributes.isEmpty else { throw .missingParameter("Attribute.Name") }
        self.init(queueUrl: queueUrl, attributes: attributes)
    }
}
