internal import QueueModel

extension RemovePermissionRequest {
    /// Reads the input.
    init(json: JSONObject) throws(SQSError) {
        self.init(
            queueUrl: try json.requiredString("QueueUrl"),
            label: try json.requiredString("Label")
        )
    }
}
