internal import QueueModel

extension UntagQueueRequest {
    /// Reads the input; missing TagKeys are no keys.
    init(json: JSONObject) throws(SQSError) {
        self.init(
            queueUrl: try json.queueUrl(),
            tagKeys: try json.strings("TagKeys")
        )
    }
}
