internal import QueueModel

extension ChangeMessageVisibilityRequest {
    /// Reads the input.
    init(query: QueryMembers) throws(SQSError) {
        let queueUrl = try query.queueUrl()
        let receiptHandle = try query.requiredString("ReceiptHandle")
        guard let visibilityTimeoutSeconds = try query.integer("VisibilityTimeout") else {
            throw .missingParameter("VisibilityTimeout")
        }
        self.init(
            queueUrl: queueUrl,
            receiptHandle: receiptHandle,
            visibilityTimeoutSeconds: visibilityTimeoutSeconds
        )
    }
}
