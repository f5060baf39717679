import QueueModel

extension QueueEngine {
    /// Deletes one received message.
    func deleteMessage(_ request: DeleteMessageRequest, _ reply: Reply) throws(SQSError) {
        let queue = try queue(request.queueUrl)
        let handle = request.receiptHandle
        guard !handle.isEmpty else { throw .missingParameter("ReceiptHandle") }
        guard let receipt = store.receiptSeal.open(handle) else {
            return answer(ifExists: queue, reply) { () throws(SQSError) in throw .receiptHandleIsInvalid(handle) }
        }
        submit(.deleteMessages(DeleteMessagesCommand(queue: queue, receipts: [receipt])), reply) {
            outcome throws(SQSError) in
            guard case .deletedMessages(let refusals) = outcome, refusals.count == 1 else {
                outcome.isNoOutcome(of: "DeleteMessages")
            }
            if let refusal = refusals[0] { throw refusal.errorOfDelete(handle: handle) }
            return .deleteMessage
        }
    }
}

extension ReceiptRefusal {
    /// What DeleteMessage answers.
    func errorOfDelete(handle: String) -> SQSError {
        switch self {
        case .belongsToAnotherQueue:
            .receiptHandleIsInvalid(handle)
        case .expired, .messageNotAvailable, .totalVisibilityBeyondLimit:
            // Recorded on FIFO queues; on a standard queue every handle deletes.
            .invalidParameterValue(handle, for: "ReceiptHandle", reason: "The receipt handle has expired.")
        }
    }
}
