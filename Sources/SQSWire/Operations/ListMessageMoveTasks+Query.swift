internal import QueueModel

extension ListMessageMoveTasksRequest {
    /// Reads the input.
    init(query: QueryMembers) throws(SQSError) {
        self.init(
            sourceArn: try query.requiredString("SourceArn"),
            maxResults: try query.integer("MaxResults")
        )
    }
}

extension ListMessageMoveTasksResult {
    /// Writes the output.
    func write(to output: inout some QueryOutput) {
        output.list("Results", of: "ListMessageMoveTasksResultEntry", results) { output, task in
            output.text("TaskHandle", ifThere: task.taskHandle)
            output.text("Status", task.status.rawValue)
            output.text("SourceArn", task.sourceArn)
            output.text("DestinationArn", ifThere: task.destinationArn)
            output.integer("MaxNumberOfMessagesPerSecond", ifThere: task.maxNumberOfMessagesPerSecond)
            output.integer("ApproximateNumberOfMessagesMoved", task.approximateNumberOfMessagesMoved)
            output.integer("ApproximateNumberOfMessagesToMove", ifThere: task.approximateNumberOfMessagesToMove)
            output.text("FailureReason", ifThere: task.failureReason)
            output.integer("StartedTimestamp", Int(task.startedTimestamp))
        }
    }
}
