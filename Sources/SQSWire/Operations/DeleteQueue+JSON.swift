internal import QueueModel

extension DeleteQueueRequest {
    /// Reads the input.
    init(json: JSONObject) throws(SQSError) {
        self.init(queueUrl: try json.queueUrl())
    }
}
