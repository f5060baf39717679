internal import QueueModel

extension DeleteMessageRequest {
    /// Reads the input.
    init(json: JSONObject) throws(SQSError) {
        self.init(
            queueUrl: try json.queueUrl(),
            receiptHandle: try json.requiredString("ReceiptHandle")
        )
    }
}
