import Logging
import QueueModel

extension QueueEngine {
    /// Receives, waits if it may, and hands out what is not damaged.
    func receiveMessage(_ request: ReceiveMessageRequest, for caller: Caller, _ reply: Reply) throws(SQSError) {
        let queue = try queue(request.queueUrl)
        let count = request.maxNumberOfMessages ?? 1
        guard Limits.maxNumberOfMessages.contains(count) else {
            throw .invalidParameterValue(
                "\(count)",
                for: "MaxNumberOfMessages",
                reason: "Must be between 1 and 10, if provided."
            )
        }
        if let seconds = request.waitTimeSeconds, !Limits.waitTimeSeconds.contains(seconds) {
            throw .invalidParameterValue(
                "\(seconds)",
                for: "WaitTimeSeconds",
                reason: "Must be >= 0 and <= 20, if provided."
            )
        }
        if let seconds = request.visibilityTimeoutSeconds { try checkVisibilityTimeout(seconds) }
        // A standard queue makes nothing of an attempt id, as on AWS; there are clients that always send one.
        let attempt = queue.isFifo ? request.receiveRequestAttemptId : nil
        if let attempt { try FifoId.check(attempt, for: "ReceiveRequestAttemptId") }
        let selection = AttributeSelection(
            system: try SystemAttributeSelection(request.systemAttributeNames),
            user: MessageAttributeFilter(request.messageAttributeNames)
        )
        let command = ReceiveMessagesCommand(
            queue: queue,
            maxNumberOfMessages: count,
            visibilityTimeoutSeconds: request.visibilityTimeoutSeconds,
            attemptId: attempt,
            reportsNextAvailability: request.waitTimeSeconds != 0
        )
        longPolls.receive(
            Poll(
                order: longPolls.nextOrder(),
                command: command,
                waitTimeSeconds: request.waitTimeSeconds,
                caller: caller
            ) { [self] result in
                tell(result, of: command, selection, for: caller, reply)
            }
        )
    }

    func checkVisibilityTimeout(_ seconds: Int) throws(SQSError) {
        let range = Limits.visibilityTimeoutSeconds
        guard range.contains(seconds) else {
            throw .invalidParameterValue(
                "\(seconds)",
                for: "VisibilityTimeout",
                reason: "Must be >= \(range.lowerBound) and <= \(range.upperBound), if provided."
            )
        }
    }

    private func tell(
        _ result: Result<ReceivedMessages?, SQSError>,
        of command: ReceiveMessagesCommand,
        _ selection: AttributeSelection,
        for caller: Caller,
        _ reply: Reply
    ) {
        switch result {
        case .failure(let error):
            reply.tell(error)
        case .success(nil):
            reply.tell { .receiveMessage(ReceiveMessageResult()) }
        case .success(let received?):
            reply.tell { [self] in
                if caller.isGone {
                    store.giveBack(received, of: command)
                    return .receiveMessage(ReceiveMessageResult())
                }
                var damaged: [Receipt] = []
                var messages: [Message] = []
                messages.reserveCapacity(received.messages.count)
                for received in received.messages {
                    if let message = message(from: received, selection) {
                        messages.append(message)
                    } else {
                        damaged.append(received.receipt)
                    }
                }
                if !damaged.isEmpty { park(damaged, of: command.queue) }
                return .receiveMessage(ReceiveMessageResult(messages: messages))
            }
        }
    }

    /// Has the store put damaged messages aside; if that fails they are found again at the end of their timeout.
    private func park(_ receipts: [Receipt], of queue: QueueName) {
        let command = ParkMessagesCommand(queue: queue, receipts: receipts)
        store.submit(
            Submission(.parkMessages(command)) { [logger] result in
                guard case .success(.parkedMessages(let count)) = result, count < receipts.count else { return }
                // The store names what it parks.
                logger.critical(
                    "a received message did not match its digest, though it does where it is stored; not handed out",
                    metadata: ["queue": "\(queue.text)", "messages": "\(receipts.count - count)"]
                )
            }
        )
    }

    /// The message as the caller sees it; nothing if the store damaged it.
    private func message(from received: ReceivedMessage, _ selection: AttributeSelection) -> Message? {
        guard let md5OfBody = received.content.verifiedMD5OfBody() else { return nil }
        let attributes = selection.user.selects(from: received.content.attributes)
        return Message(
            messageId: received.messageId,
            receiptHandle: store.receiptSeal.seal(received.receipt),
            md5OfBody: md5OfBody,
            body: received.content.body,
            systemAttributes: selection.system.attributes(of: received, identity: identity),
            md5OfMessageAttributes: MD5Digest(ofAttributes: attributes),
            messageAttributes: attributes
        )
    }
}

/// What a receive asks for beside the body.
private struct AttributeSelection: Sendable {
    let system: SystemAttributeSelection
    let user: MessageAttributeFilter
}
