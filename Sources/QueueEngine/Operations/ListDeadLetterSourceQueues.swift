import QueueModel

extension QueueEngine {
    /// Lists the queues whose RedrivePolicy names a queue, page by page as ListQueues does.
    func listDeadLetterSourceQueues(
        _ request: ListDeadLetterSourceQueuesRequest,
        for caller: Caller,
        _ reply: Reply
    ) throws(SQSError) {
        let command = ListDeadLetterSourceQueuesCommand(
            queue: try queue(request.queueUrl),
            after: try PageToken.name(in: request.nextToken),
            limit: try PageToken.limit(request.maxResults)
        )
        let isPaged = request.maxResults != nil
        submit(.listDeadLetterSourceQueues(command), reply) { [self] outcome in
            guard case .listedDeadLetterSourceQueues(let page) = outcome else {
                outcome.isNoOutcome(of: "ListDeadLetterSourceQueues")
            }
            return .listDeadLetterSourceQueues(
                ListDeadLetterSourceQueuesResult(
                    queueUrls: page.names.map { queueUrl(of: $0, for: caller) },
                    nextToken: PageToken.next(after: page, isPaged: isPaged)
                )
            )
        }
    }
}
