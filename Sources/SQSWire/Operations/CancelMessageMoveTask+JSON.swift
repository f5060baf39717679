internal import QueueModel

extension CancelMessageMoveTaskRequest {
    /// Reads the input.
    init(json: JSONObject) throws(SQSError) {
        self.init(taskHandle: try json.requiredString("TaskHandle"))
    }
}

extension CancelMessageMoveTaskResult {
    /// Writes the output.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("ApproximateNumberOfMessagesMoved")
        json.integer(approximateNumberOfMessagesMoved)
        json.endObject()
    }
}
