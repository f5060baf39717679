import QueueModel

extension QueueEngine {
    /// Tells the URL of a queue that exists.
    func getQueueUrl(_ request: GetQueueUrlRequest, for caller: Caller, _ reply: Reply) throws(SQSError) {
        guard !request.queueName.isEmpty else { throw .missingParameter("QueueName") }
        guard let queue = QueueName(request.queueName) else { throw .queueDoesNotExist }
        let url = queueUrl(of: queue, for: caller)
        answer(ifExists: queue, reply) { .getQueueUrl(GetQueueUrlResult(queueUrl: url)) }
    }
}
