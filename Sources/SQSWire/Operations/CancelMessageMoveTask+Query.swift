internal import QueueModel

extension CancelMessageMoveTaskRequest {
    /// Reads the input.
    init(query: QueryMembers) throws(SQSError) {
        self.init(taskHandle: try query.requiredString("TaskHandle"))
    }
}

extension CancelMessageMoveTaskResult {
    /// Writes the output.
    func write(to output: inout some QueryOutput) {
        output.integer("ApproximateNumberOfMessagesMoved", approximateNumberOfMessagesMoved)
    }
}
