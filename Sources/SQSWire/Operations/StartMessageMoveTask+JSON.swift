internal import QueueModel

extension StartMessageMoveTaskRequest {
    /// Reads the input.
    init(json: JSONObject) throws(SQSError) {
        self.init(
            sourceArn: try json.requiredString("SourceArn"),
            destinationArn: try json.string("DestinationArn"),
            maxNumberOfMessagesPerSecond: try json.integer("MaxNumberOfMessagesPerSecond")
        )
    }
}

extension StartMessageMoveTaskResult {
    /// Writes the output.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("TaskHandle", taskHandle)
        json.endObject()
    }
}
