internal import QueueModel

extension RemovePermissionRequest {
    /// Reads the input.
    init(query: QueryMembers) throws(SQSError) {
        self.init(queueUrl: try query.queueUrl(), label: try query.requiredString("Label"))
    }
}
