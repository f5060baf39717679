import QueueModel

extension QueueEngine {
    /// Puts one message into a queue.
    func sendMessage(_ request: SendMessageRequest, for caller: Caller, _ reply: Reply) throws(SQSError) {
        let queue = try queue(request.queueUrl)
        let outgoing = try outgoingMessage(request.message, to: queue, from: caller)
        let command = SendMessagesCommand(queue: queue, messages: [outgoing.message])
        let result = outgoing.result
        submit(.sendMessages(command), reply) { outcome throws(SQSError) in
            guard case .sentMessages(let sent) = outcome, sent.count == 1 else {
                outcome.isNoOutcome(of: "SendMessages")
            }
            _ = try sent[0].get()
            return .sendMessage(result)
        }
    }
}
