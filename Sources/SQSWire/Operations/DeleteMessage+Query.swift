internal import QueueModel

extension DeleteMessageRequest {
    /// Reads the input.
    init(query: QueryMembers) throws(SQSError) {
        self.init(
            queueUrl: try query.queueUrl(),
            receiptHandle: try query.requiredString("ReceiptHandle")
        )
    }
}
