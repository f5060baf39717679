import QueueModel

extension ReferenceService {
    mutating func sendMessages(
        _ command: SendMessagesCommand
    ) throws(StoreError) -> [Result<SentMessage, SQSError>] {
        if command.queue.isFifo { return try sendToFifo(command) }
        var queue = try queue(command.queue)
        let results = command.messages.map { message -> Result<SentMessage, SQSError> in
            let limit = queue.attributes.maximumMessageSizeBytes
            guard message.content.sizeBytes <= limit else { return .failure(.messageTooLong(limitBytes: limit)) }
            let delay = message.delaySeconds ?? queue.attributes.delaySeconds
            queue.append(
                ReferenceMessage(
                    sequence: 0,
                    messageId: message.messageId,
                    content: message.content,
                    sentAt: now,
                    hiddenUntil: delay > 0 ? now.adding(seconds: delay) : nil
                )
            )
            note(command.queue, availableAt: now.adding(seconds: delay))
            return .success(SentMessage(messageId: message.messageId))
        }
        queues[command.queue] = queue
        return results
    }

    mutating func receiveMessages(_ command: ReceiveMessagesCommand) throws(StoreError) -> ReceivedMessages {
        if command.queue.isFifo { return try receiveFromFifo(command) }
        let room = inFlightMessagesMax - (try queue(command.queue)).counts(at: now).inFlight
        // All are chosen before any is hidden: else one hidden for no time would be handed out again.
        let chosen =
            room > 0 ? try chooseMessages(min(command.maxNumberOfMessages, room), of: command.queue) : []
        var queue = try queue(command.queue)
        let timeout = command.visibilityTimeoutSeconds ?? queue.attributes.visibilityTimeoutSeconds
        let received = chosen.map { index in
            note(command.queue, availableAt: now.adding(seconds: timeout))
            return receive(index, of: &queue, timeoutSeconds: timeout)
        }
        queues[command.queue] = queue

        let remaining = queue.messages.filter { !queue.isExpired($0, at: now) }
        return ReceivedMessages(
            messages: received,
            now: now,
            receiveMessageWaitTimeSeconds: queue.attributes.receiveMessageWaitTimeSeconds,
            isOverLimit: room <= 0,
            nextAvailableAt: command.reportsNextAvailability ? remaining.map(queue.availableAt).min() : nil
        )
    }

    /// Where the messages to hand out stand, after what can't be handed out was removed or moved.
    private mutating func chooseMessages(_ limit: Int, of name: QueueName) throws(StoreError) -> [Int] {
        var queue = try queue(name)
        let policy = queue.attributes.redrivePolicy
        var chosen: [UInt64] = []
        for message in queue.candidates(at: now) {
            if chosen.count == limit { break }
            if queue.isExpired(message, at: now) {
                queue.messages.removeAll { $0.sequence == message.sequence }
            } else if let policy, message.isPoisoned(policy),
                queues[policy.deadLetterTarget.queue] != nil
            {
                if isPassingDeadLettersBy { continue }
                queue.messages.removeAll { $0.sequence == message.sequence }
                move(message, from: name, to: policy.deadLetterTarget.queue)
            } else {
                chosen.append(message.sequence)
            }
        }
        queues[name] = queue
        return chosen.compactMap(queue.index(ofSequence:))
    }

    /// Moves what was received too often to the dead-letter queue.
    mutating func move(_ message: ReferenceMessage, from source: QueueName, to target: QueueName) {
        var message = message
        message.deadLetterSource = source
        message.receivedAt = nil
        message.formerReceiveCount = message.receiveCount
        message.hiddenUntil = now
        if target.isFifo {
            message.sentAt = now
            message.content.messageDeduplicationId = message.messageId.text
        }
        append(message, to: target)
    }

    /// Counts and hides a message.
    func receive(_ index: Int, of queue: inout ReferenceQueue, timeoutSeconds: Int) -> ReceivedMessage {
        var message = queue.messages[index]
        defer { queue.messages[index] = message }
        let firstReceivedAt = message.firstReceivedAt ?? now
        message.receiveCount += 1
        message.firstReceivedAt = firstReceivedAt
        message.receivedAt = now
        message.hiddenUntil = now.adding(seconds: timeoutSeconds)
        return ReceivedMessage(
            messageId: message.messageId,
            content: message.content,
            sentAt: message.sentAt,
            firstReceivedAt: firstReceivedAt,
            receiveCount: message.receiveCount,
            deadLetterSource: message.deadLetterSource,
            sequenceNumber: queue.sequenceNumber(of: message.sequence),
            receipt: Receipt(
                locator: queue.locator(of: message),
                receiveCount: message.receiveCount,
                receivedAt: now
            )
        )
    }

    mutating func deleteMessages(_ command: DeleteMessagesCommand) throws(StoreError) -> [ReceiptRefusal?] {
        var queue = try queue(command.queue)
        let refusals = command.receipts.map { receipt -> ReceiptRefusal? in
            if receipt.queueNumber == queue.number {
                if queue.attributes.isFifo { return deleteFromFifo(receipt, in: &queue) }
                queue.messages.removeAll { $0.sequence == receipt.sequence }
                return nil
            }
            return belongsToAnotherQueue(receipt) ? .belongsToAnotherQueue : nil
        }
        queues[command.queue] = queue
        return refusals
    }

    mutating func changeMessageVisibility(
        _ command: ChangeMessageVisibilityCommand
    ) throws(StoreError) -> [ReceiptRefusal?] {
        var queue = try queue(command.queue)
        let refusals = command.entries.map { entry -> ReceiptRefusal? in
            let receipt = entry.receipt
            let timeout = entry.visibilityTimeoutSeconds
            if receipt.queueNumber != queue.number {
                return belongsToAnotherQueue(receipt) ? .belongsToAnotherQueue : .messageNotAvailable
            }
            guard let index = queue.index(ofSequence: receipt.sequence),
                !queue.isExpired(queue.messages[index], at: now)
            else { return .messageNotAvailable }
            if queue.attributes.isFifo, queue.isStale(receipt, of: queue.messages[index], at: now) { return .expired }
            guard let receivedAt = queue.messages[index].receivedAt else { return .messageNotAvailable }
            let isLastReceive =
                (queue.messages[index].receiveCount, receivedAt)
                == (receipt.receiveCount, receipt.receivedAt)
            if command.onlyLastReceive && !isLastReceive { return .messageNotAvailable }
            let hiddenSeconds = Int(now.milliseconds - receivedAt.milliseconds) / 1_000
            if hiddenSeconds + timeout > Limits.visibilityTimeoutSeconds.upperBound {
                return .totalVisibilityBeyondLimit
            }
            queue.messages[index].hiddenUntil = now.adding(seconds: timeout)
            if !queue.attributes.isFifo { note(command.queue, availableAt: now.adding(seconds: timeout)) }
            return nil
        }
        queues[command.queue] = queue
        return refusals
    }

    private func belongsToAnotherQueue(_ receipt: Receipt) -> Bool {
        queues.values.contains { $0.number == receipt.queueNumber }
    }
}

extension Receipt {
    /// The locator's upper part: the number that the queue had at the receive.
    var queueNumber: UInt64 { locator >> 40 }

    /// The locator's lower part: the message's sequence within that number.
    var sequence: UInt64 { locator & (1 << 40 - 1) }
}
