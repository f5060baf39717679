import QueueModel

extension QueueEngine {
    /// Puts up to ten messages into a queue; each goes through or fails for itself.
    func sendMessageBatch(_ request: SendMessageBatchRequest, for caller: Caller, _ reply: Reply) throws(SQSError) {
        let queue = try queue(request.queueUrl)
        try BatchEntries.check(ids: request.entries.map(\.id), entry: "SendMessageBatchRequestEntry")
        let size = request.entries.reduce(0) { $0 + $1.message.sizeBytes }
        guard size <= Limits.messageSizeBytesMax else { throw .batchRequestTooLong(sizeBytes: size) }
        if queue.isFifo && request.entries.contains(where: \.message.lacksMessageGroupId) {
            // Recorded: the words of a missing parameter, yet another code than SendMessage's.
            throw .invalidParameterValue(SQSError.missingParameter("MessageGroupId").message)
        }

        var messages: [NewMessage] = []
        var entries: [(id: String, result: Result<MessageDigests, SQSError>)] = []
        messages.reserveCapacity(request.entries.count)
        entries.reserveCapacity(request.entries.count)
        for entry in request.entries {
            do throws(SQSError) {
                let (message, digests) = try outgoingMessage(entry.message, to: queue, from: caller)
                messages.append(message)
                entries.append((entry.id, .success(digests)))
            } catch {
                entries.append((entry.id, .failure(error)))
            }
        }
        guard !messages.isEmpty else {
            return answer(ifExists: queue, reply) { [entries] in
                .sendMessageBatch(SendMessageBatchResult(entries, sent: []))
            }
        }
        submit(.sendMessages(SendMessagesCommand(queue: queue, messages: messages)), reply) { [entries] outcome in
            guard case .sentMessages(let sent) = outcome else { outcome.isNoOutcome(of: "SendMessages") }
            return .sendMessageBatch(SendMessageBatchResult(entries, sent: sent))
        }
    }
}

extension SendMessageBatchResult {
    /// What became of the entries: those that failed the checks, and of the others what the store said, in order.
    fileprivate init(
        _ entries: [(id: String, result: Result<MessageDigests, SQSError>)],
        sent: [Result<SentMessage, SQSError>]
    ) {
        self.init()
        successful.reserveCapacity(sent.count)
        var answered = 0
        for (id, checked) in entries {
            switch checked {
            case .failure(let error):
                failed.append(BatchResultErrorEntry(id: id, error: error.inBatch))
            case .success(let digests):
                switch sent[answered] {
                case .success(let message):
                    successful.append(SendMessageBatchResultEntry(id: id, result: digests.result(of: message)))
                case .failure(let error):
                    failed.append(BatchResultErrorEntry(id: id, error: error.inBatch))
                }
                answered += 1
            }
        }
        precondition(answered == sent.count, "the store answered more messages than were sent")
    }
}
