import QueueModel
import SQLite

extension QueueDatabase {
    func sendMessages(_ command: SendMessagesCommand) throws(SQLiteError) -> Result<Outcome, StoreError> {
        guard let record = records[command.queue] else { return .failure(.queueDoesNotExist) }
        let ids: [String]
        do throws(SQSError) {
            ids = record.isFifo ? try Deduplication.ids(of: command.messages, in: record.attributes) : []
        } catch {
            return .failure(.refused(error))
        }
        var results: [Result<SentMessage, SQSError>] = []
        results.reserveCapacity(command.messages.count)
        for (index, message) in command.messages.enumerated() {
            let limit = record.attributes.maximumMessageSizeBytes
            guard message.content.sizeBytes <= limit else {
                results.append(.failure(.messageTooLong(limitBytes: limit)))
                continue
            }
            if record.isFifo {
                results.append(.success(try sendFifo(message, id: ids[index], to: record)))
            } else {
                _ = try append(message, to: record)
                results.append(.success(SentMessage(messageId: message.messageId)))
            }
        }
        return .success(.sentMessages(results))
    }

    /// Stores a message as a queue's last one.
    ///
    /// On a standard queue a delay hides it from birth. On a FIFO queue, whose delay counts for what is already there,
    /// nothing is written of it, and the message enters its group.
    func append(_ message: NewMessage, to record: QueueRecord) throws(SQLiteError) -> MessageKey {
        let key = record.key(record.takeSequence(sentAt: now))
        try messages.insert(message, at: key, sentAt: now)
        noteWrite()
        noteState(of: record)
        if record.isFifo {
            guard let group = message.content.messageGroupId else {
                preconditionFailure("a message of a FIFO queue has no group")
            }
            try enter(GroupTable.Head(key: key, lease: nil, sentAt: now), into: group, in: record)
            return key
        }
        let delaySeconds = message.delaySeconds ?? record.attributes.delaySeconds
        if delaySeconds > 0 {
            let lease = Lease(
                deadline: now.adding(seconds: delaySeconds),
                receiveCount: 0,
                firstReceivedAt: nil,
                receivedAt: nil
            )
            try write(lease, replacing: nil, for: KeyRun(first: key), in: record)
        } else {
            noteAvailable(in: record, at: now)
        }
        return key
    }

    /// Stores a message, unless its deduplication id was sent within the last five minutes.
    private func sendFifo(
        _ message: NewMessage,
        id: String,
        to record: QueueRecord
    ) throws(SQLiteError) -> SentMessage {
        let isPerGroup = record.deduplicationScope(now: now) == .messageGroup
        let scope = deduplication.scope(
            number: record.number,
            group: isPerGroup ? message.content.messageGroupId : nil,
            id: id
        )
        if let first = try deduplication.find(scope, now: now) {
            return SentMessage(messageId: first.messageId, sequenceNumber: first.key.sequenceNumber)
        }
        var message = message
        message.content.messageDeduplicationId = id
        let key = try append(message, to: record)
        try deduplication.insert(scope, first: .init(messageId: message.messageId, key: key), now: now)
        return SentMessage(messageId: message.messageId, sequenceNumber: key.sequenceNumber)
    }
}
