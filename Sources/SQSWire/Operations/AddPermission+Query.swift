internal import QueueModel

extension AddPermissionRequest {
    /// Reads the input.
    init(query: QueryMembers) throws(SQSError) {
        self.init(
            queueUrl: try query.queueUrl(),
            label: try query.requiredString("Label"),
            awsAccountIds: query.strings("AWSAccountId"),
            actions: query.strings("ActionName")
        )
    }
}
