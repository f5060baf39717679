import QueueModel

extension QueueEngine {
    /// Tells all tags of a queue.
    func listQueueTags(_ request: ListQueueTagsRequest, _ reply: Reply) throws(SQSError) {
        let queue = try queue(request.queueUrl)
        submit(.describeQueue(DescribeQueueCommand(queue: queue, includesCounts: false)), reply) { outcome in
            guard case .describedQueue(let description) = outcome else { outcome.isNoOutcome(of: "DescribeQueue") }
            return .listQueueTags(ListQueueTagsResult(tags: description.tags))
        }
    }
}
