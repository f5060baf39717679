internal import QueueModel

extension ListQueueTagsRequest {
    /// Reads the input.
    init(query: QueryMembers) throws(SQSError) {
        self.init(queueUrl: try query.queueUrl())
    }
}

extension ListQueueTagsResult {
    /// Writes the output.
    func write(to output: inout some QueryOutput) {
        output.list("Tags", of: "Tag", tags.sorted) { output, tag in
            output.text("Key", tag.key)
            output.text("Value", tag.value)
        }
    }
}
