internal import QueueModel

extension PurgeQueueRequest {
    /// Reads the input.
    init(json: JSONObject) throws(SQSError) {
        self.init(queueUrl: try json.queueUrl())
    }
}
