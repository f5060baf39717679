import QueueModel

extension QueueEngine {
    /// Deletes up to ten received messages, each for itself.
    func deleteMessageBatch(_ request: DeleteMessageBatchRequest, _ reply: Reply) throws(SQSError) {
        let queue = try queue(request.queueUrl)
        let entries = request.entries
        try BatchEntries.check(ids: entries.map(\.id), entry: "DeleteMessageBatchRequestEntry")

        var receipts: [Receipt] = []
        var checked: [SQSError?] = []
        receipts.reserveCapacity(entries.count)
        checked.reserveCapacity(entries.count)
        let seal = store.receiptSeal
        for entry in entries {
            if entry.receiptHandle.isEmpty {
                checked.append(.missingParameter("ReceiptHandle"))
            } else if let receipt = seal.open(entry.receiptHandle) {
                receipts.append(receipt)
                checked.append(nil)
            } else {
                checked.append(.receiptHandleIsInvalid(entry.receiptHandle))
            }
        }
        guard !receipts.isEmpty else {
            return answer(ifExists: queue, reply) { [checked] in
                .deleteMessageBatch(BatchResult(zip(entries.map(\.id), checked)))
            }
        }
        submit(.deleteMessages(DeleteMessagesCommand(queue: queue, receipts: receipts)), reply) { [checked] outcome in
            guard case .deletedMessages(let refusals) = outcome else { outcome.isNoOutcome(of: "DeleteMessages") }
            var rest = refusals[...]
            return .deleteMessageBatch(
                BatchResult(
                    zip(entries, checked).map { entry, error in
                        let refusal = error == nil ? rest.removeFirst() : nil
                        return (entry.id, error ?? refusal?.errorOfDelete(handle: entry.receiptHandle))
                    }
                )
            )
        }
    }
}
