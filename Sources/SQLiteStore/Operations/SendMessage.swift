import QueueModel
import SQLite

extension QueueDatabase {
    func sendMessages(_ command: SendMessagesCommand) throws(SQLiteError) -> Result<Outcome, StoreError> {
        guard let record = records[command.queue] else { return .failure(.queueDoesNotExist) }
        var results: [Result<SentMessage, SQSError>] = []
        results.reserveCapacity(command.messages.count)
        for message in command.messages {
            let limit = record.attributes.maximumMessageSizeBytes
            guard message.content.sizeBytes <= limit else {
                results.append(.failure(.messageTooLong(limitBytes: limit)))
                continue
            }
            try append(message, to: record)
            results.append(.success(SentMessage(messageId: message.messageId)))
        }
        return .success(.sentMessages(results))
    }

    func append(_ message: NewMessage, to record: QueueRecord) throws(SQLiteError) {
        let key = record.key(record.nextSequence)
        try messages.insert(message, at: key, sentAt: now)
        noteWrite()
        if record.messageCount == 0 {
            record.oldestSentAt = now
        }
        record.nextSequence += 1
        record.messageCount += 1
        let delaySeconds = message.delaySeconds ?? record.attributes.delaySeconds
        if delaySeconds > 0 {
            let lease = Lease(
                deadline: now.adding(seconds: delaySeconds),
                receiveCount: 0,
                firstReceivedAt: nil,
                receivedAt: nil
            )
            try write(lease, replacing: nil, for: key, in: record)
        } else {
            noteState(of: record)
            noteAvailable(in: record, at: now)
        }
    }
}
