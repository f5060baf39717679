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
                return .receiveMessage(
                    ReceiveMessageResult(messages: received.messages.compactMap { message(from: $0, selection) })
                )
            }
        }
    }

    /// The message as the caller sees it; nothing if the store damaged it, which leaves it hidden for its timeout.
    private func message(from received: ReceivedMessage, _ selection: AttributeSelection) -> Message? {
        guard let md5OfBody = received.content.verifiedMD5OfBody() else {
            logger.critical(
                "A stored message is damaged and was not handed out",
                metadata: ["messageId": "\(received.messageId.text)"]
            )
            return nil
        }
        let attributes = selection.user.selects(from: received.content.attributes)
        return Message(
            messageId: received.messageId.text,
            receiptHandle: store.receiptSeal.seal(received.receipt),
            md5OfBody: md5OfBody.text,
            body: received.content.body,
            systemAttributes: selection.system.attributes(of: received, identity: identity),
            md5OfMessageAttributes: MD5Digest(ofAttributes: attributes)?.text,
            messageAttributes: attributes
        )
    }
}

/// What a receive asks for beside the body.
private struct AttributeSelection: Sendable {
    let system: SystemAttributeSelection
    let user: MessageAttributeFilter
}
