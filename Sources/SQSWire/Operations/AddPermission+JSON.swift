internal import QueueModel

extension AddPermissionRequest {
    /// Reads the input; missing lists are empty ones.
    init(json: JSONObject) throws(SQSError) {
        self.init(
            queueUrl: try json.queueUrl(),
            label: try json.requiredString("Label"),
            awsAccountIds: try json.strings("AWSAccountIds"),
            actions: try json.strings("Actions")
        )
    }
}
