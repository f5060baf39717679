internal import QueueModel

extension RemovePermissionRequest {
    /// Reads the input.
    init(json: JSONObject) throws(SQSError) {
        self.init(
            queueUrl: try json.queueUrl(),
            label: try json.requiredString("Label")
        )
    }
}
