internal import QueueModel

extension ChangeMessageVisibilityRequest {
    /// Reads the input.
    init(json: JSONObject) throws(SQSError) {
        let queueUrl = try json.queueUrl()
        let receiptHandle = try json.requiredString("ReceiptHandle")
        guard let visibilityTimeoutSeconds = try json.integer("VisibilityTimeout") else {
            throw .missingParameter("VisibilityTimeout")
        }
        self.init(
            queueUrl: queueUrl,
            receiptHandle: receiptHandle,
            visibilityTimeoutSeconds: visibilityTimeoutSeconds
        )
    }
}
