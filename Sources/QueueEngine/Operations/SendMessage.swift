import QueueModel

extension QueueEngine {
    /// Puts one message into a queue.
    func sendMessage(_ request: SendMessageRequest, for caller: Caller, _ reply: Reply) throws(SQSError) {
        let queue = try queue(request.queueUrl)
        guard request.message.sizeBytes <= Limits.messageSizeBytesMax else { return refuseTooLong(to: queue, reply) }
        if queue.isFifo && request.message.lacksMessageGroupId { throw .missingParameter("MessageGroupId") }
        let (message, digests) = try outgoingMessage(request.message, to: queue, from: caller)
        let command = SendMessagesCommand(queue: queue, messages: [message])
        submit(.sendMessages(command), reply) { outcome throws(SQSError) in
            guard case .sentMessages(let sent) = outcome, sent.count == 1 else {
                outcome.isNoOutcome(of: "SendMessages")
            }
            return .sendMessage(digests.result(of: try sent[0].get()))
        }
    }

    /// Answers that a message is too long for any queue; only this queue's limit is asked for, to name it.
    private func refuseTooLong(to queue: QueueName, _ reply: Reply) {
        submit(.describeQueue(DescribeQueueCommand(queue: queue, includesCounts: false)), reply) {
            outcome throws(SQSError) in
            guard case .describedQueue(let description) = outcome else { outcome.isNoOutcome(of: "DescribeQueue") }
            throw .messageTooLong(limitBytes: description.attributes.maximumMessageSizeBytes)
        }
    }
}
