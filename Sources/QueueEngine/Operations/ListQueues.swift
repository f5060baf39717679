import QueueModel

extension QueueEngine {
    /// Lists queues by name, page by page.
    func listQueues(_ request: ListQueuesRequest, for caller: Caller, _ reply: Reply) throws(SQSError) {
        let limit = try PageToken.limit(request.maxResults)
        let prefix = request.queueNamePrefix ?? ""
        guard isNamePrefix(prefix) else { throw .queueNameIsInvalid }
        let after = try PageToken.name(in: request.nextToken)
        let isPaged = request.maxResults != nil
        submit(.listQueues(ListQueuesCommand(prefix: prefix, after: after, limit: limit)), reply) { [self] outcome in
            guard case .listedQueues(let page) = outcome else { outcome.isNoOutcome(of: "ListQueues") }
            return .listQueues(
                ListQueuesResult(
                    queueUrls: page.names.map { queueUrl(of: $0, for: caller) },
                    nextToken: PageToken.next(after: page, isPaged: isPaged)
                )
            )
        }
    }

    /// Whether a queue's name could begin so.
    private func isNamePrefix(_ text: String) -> Bool {
        // A name with or without the dot of its `.fifo`.
        text.isEmpty || QueueName(text.filter { $0 != "." }) != nil
    }
}
