internal import QueueModel

extension ListMessageMoveTasksRequest {
    /// Reads the input.
    init(json: JSONObject) throws(SQSError) {
        self.init(
            sourceArn: try json.requiredString("SourceArn"),
            maxResults: try json.integer("MaxResults")
        )
    }
}

extension ListMessageMoveTasksResult {
    /// Writes the output; without tasks it is an empty object.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        if !results.isEmpty {
            json.key("Results")
            json.beginArray()
            for entry in results { entry.write(to: &json) }
            json.endArray()
        }
        json.endObject()
    }
}

extension ListMessageMoveTasksResultEntry {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("TaskHandle", taskHandle)
        json.member("Status", status.rawValue)
        json.member("SourceArn", sourceArn)
        json.member("DestinationArn", destinationArn)
        json.member("MaxNumberOfMessagesPerSecond", maxNumberOfMessagesPerSecond)
        json.member("ApproximateNumberOfMessagesMoved", approximateNumberOfMessagesMoved)
        json.member("ApproximateNumberOfMessagesToMove", approximateNumberOfMessagesToMove)
        json.member("FailureReason", failureReason)
        json.member("StartedTimestamp", Int(startedTimestamp))
        json.endObject()
    }
}
