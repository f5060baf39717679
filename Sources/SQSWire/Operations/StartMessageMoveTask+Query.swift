internal import QueueModel

extension StartMessageMoveTaskRequest {
    /// Reads the input.
    init(query: QueryMembers) throws(SQSError) {
        self.init(
            sourceArn: try query.requiredString("SourceArn"),
            destinationArn: query.string("DestinationArn"),
            maxNumberOfMessagesPerSecond: try query.integer("MaxNumberOfMessagesPerSecond")
        )
    }
}

extension StartMessageMoveTaskResult {
    /// Writes the output.
    func write(to output: inout some QueryOutput) {
        output.text("TaskHandle", taskHandle)
    }
}
