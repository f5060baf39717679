import QueueModel

extension ReferenceService {
    mutating func sendToFifo(
        _ command: SendMessagesCommand
    ) throws(StoreError) -> [Result<SentMessage, SQSError>] {
        let attributes = try queue(command.queue).attributes
        let ids: [String]
        do throws(SQSError) {
            ids = try Deduplication.ids(of: command.messages, in: attributes)
        } catch {
            throw .refused(error)
        }
        return zip(command.messages, ids).map { message, id in
            Result { () throws(SQSError) in try sendToFifo(message, id: id, queue: command.queue) }
        }
    }

    private mutating func sendToFifo(
        _ message: NewMessage,
        id: String,
        queue name: QueueName
    ) throws(SQSError) -> SentMessage {
        guard let queue = queues[name] else { preconditionFailure("the queue was there") }
        let limit = queue.attributes.maximumMessageSizeBytes
        guard message.content.sizeBytes <= limit else { throw .messageTooLong(limitBytes: limit) }
        let isForGroup = queue.deduplicationScope(at: now) == .messageGroup
        let key = DeduplicationKey(group: isForGroup ? message.content.messageGroupId : nil, id: id)
        if let record = queue.deduplications[key],
            record.sentAt.adding(seconds: Deduplication.intervalSeconds) > now
        {
            return record.sent
        }
        var content = message.content
        content.messageDeduplicationId = id
        let sequence = append(
            ReferenceMessage(sequence: 0, messageId: message.messageId, content: content, sentAt: now),
            to: name
        )
        let sent = SentMessage(messageId: message.messageId, sequenceNumber: queue.sequenceNumber(of: sequence))
        queues[name]?.deduplications[key] = DeduplicationRecord(sent: sent, sentAt: now)
        return sent
    }

    /// Puts a message at the end of a queue; on a standard queue notes from when on it can be received.
    @discardableResult
    mutating func append(_ message: ReferenceMessage, to name: QueueName) -> UInt64 {
        guard var queue = queues[name] else { preconditionFailure("the queue was looked up before") }
        let sequence = queue.append(message)
        queues[name] = queue
        if !queue.attributes.isFifo { note(name, availableAt: queue.availableAt(message)) }
        return sequence
    }

    mutating func receiveFromFifo(_ command: ReceiveMessagesCommand) throws(StoreError) -> ReceivedMessages {
        let attributes = try queue(command.queue).attributes
        let timeout = command.visibilityTimeoutSeconds ?? attributes.visibilityTimeoutSeconds
        let repeated = try repeatAttempt(command, timeoutSeconds: timeout)
        let before = try queue(command.queue)
        queues[command.queue]?.messages.removeAll { before.isExpired($0, at: now) }
        if let repeated { return receivedMessages(repeated, command) }
        let room = inFlightMessagesMax - (try queue(command.queue)).counts(at: now).inFlight
        guard room > 0 else { return receivedMessages([], command, isOverLimit: true) }
        // All are chosen before any is hidden: else one hidden for no time would be handed out again.
        let chosen = chooseFromGroups(min(command.maxNumberOfMessages, room), of: command.queue)
        var queue = try queue(command.queue)
        let received = chosen.compactMap(queue.index(ofSequence:)).map { index in
            receive(index, of: &queue, timeoutSeconds: timeout)
        }
        if let attemptId = command.attemptId {
            // A receive that gave nothing may be tried again.
            queue.attempts[attemptId] =
                received.isEmpty
                ? nil
                : ReceiveAttempt(messages: received, madeAt: now, hiddenUntil: now.adding(seconds: timeout))
        }
        queues[command.queue] = queue
        return receivedMessages(received, command)
    }

    private func receivedMessages(
        _ messages: [ReceivedMessage],
        _ command: ReceiveMessagesCommand,
        isOverLimit: Bool = false
    ) -> ReceivedMessages {
        guard let queue = queues[command.queue] else { preconditionFailure("the queue was looked up before") }
        let heads = queue.groups(at: now).map { $0[0] }
        return ReceivedMessages(
            messages: messages,
            now: now,
            receiveMessageWaitTimeSeconds: queue.attributes.receiveMessageWaitTimeSeconds,
            isOverLimit: isOverLimit,
            nextAvailableAt: command.reportsNextAvailability ? heads.map(queue.availableAt).min() : nil
        )
    }

    /// The sequences to hand out, after what was received too often was moved.
    private mutating func chooseFromGroups(_ limit: Int, of name: QueueName) -> [UInt64] {
        guard let queue = queues[name] else { preconditionFailure("the queue was looked up before") }
        let policy = queue.attributes.redrivePolicy
        var chosen: [UInt64] = []
        for group in queue.readyGroups(at: now) {
            for message in group.prefix(while: { queue.availableAt($0) <= now }) {
                if chosen.count == limit { return chosen }
                if let policy, message.isPoisoned(policy),
                    queues[policy.deadLetterTarget.queue] != nil
                {
                    // Nothing of its group may overtake it.
                    if isPassingDeadLettersBy { break }
                    queues[name]?.messages.removeAll { $0.sequence == message.sequence }
                    move(message, from: name, to: policy.deadLetterTarget.queue)
                } else {
                    chosen.append(message.sequence)
                }
            }
        }
        return chosen
    }

    /// What the same attempt gave before, hidden anew; nothing if it is a new attempt.
    ///
    /// It is a new one, too, once what it gave before is no longer hidden by it.
    private mutating func repeatAttempt(
        _ command: ReceiveMessagesCommand,
        timeoutSeconds: Int
    ) throws(StoreError) -> [ReceivedMessage]? {
        var queue = try queue(command.queue)
        guard let attemptId = command.attemptId, var attempt = queue.attempts[attemptId],
            attempt.madeAt.adding(seconds: Deduplication.intervalSeconds) > now, attempt.hiddenUntil > now
        else { return nil }
        let hiddenUntil = now.adding(seconds: timeoutSeconds)
        for receipt in attempt.messages.map(\.receipt) {
            guard let index = queue.index(ofSequence: receipt.sequence),
                !queue.isExpired(queue.messages[index], at: now),
                !queue.isStale(receipt, of: queue.messages[index], at: now),
                queue.messages[index].hiddenUntil == attempt.hiddenUntil
            else { throw .refused(.receiveAttemptIsOver(attemptId)) }
            queue.messages[index].hiddenUntil = hiddenUntil
        }
        attempt.hiddenUntil = hiddenUntil
        queue.attempts[attemptId] = attempt
        queues[command.queue] = queue
        return attempt.messages
    }

    func deleteFromFifo(_ receipt: Receipt, in queue: inout ReferenceQueue) -> ReceiptRefusal? {
        guard let index = queue.index(ofSequence: receipt.sequence) else { return nil }
        let message = queue.messages[index]
        // A message past its retention is as good as gone, and to delete that is no error.
        if !queue.isExpired(message, at: now), queue.isStale(receipt, of: message, at: now) { return .expired }
        queue.messages.remove(at: index)
        return nil
    }

    /// Notes for the listener when groups can be received from whose heads have changed.
    ///
    /// What stands behind others of its group makes nothing available.
    mutating func noteChangedHeads(since former: [QueueName: ReferenceQueue]) {
        for (name, queue) in queues where queue.attributes.isFifo {
            let formerHeads = former[name]?.heads ?? [:]
            for (group, head) in queue.heads {
                let formerHead = formerHeads[group]
                if head.sequence != formerHead?.sequence || head.hiddenUntil != formerHead?.hiddenUntil {
                    note(name, availableAt: queue.availableAt(head))
                }
            }
        }
    }
}
