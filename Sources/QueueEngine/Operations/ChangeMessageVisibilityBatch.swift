import QueueModel

extension QueueEngine {
    /// Hides up to ten received messages from now on for another time, each for itself.
    func changeMessageVisibilityBatch(
        _ request: ChangeMessageVisibilityBatchRequest,
        _ reply: Reply
    ) throws(SQSError) {
        let queue = try queue(request.queueUrl)
        let entries = request.entries
        try BatchEntries.check(ids: entries.map(\.id), entry: "ChangeMessageVisibilityBatchRequestEntry")

        var changes: [ChangeMessageVisibilityCommand.Entry] = []
        var checked: [SQSError?] = []
        for entry in entries {
            do throws(SQSError) {
                guard !entry.receiptHandle.isEmpty else { throw .missingParameter("ReceiptHandle") }
                guard let seconds = entry.visibilityTimeoutSeconds else {
                    throw .missingParameter("VisibilityTimeout")
                }
                try checkVisibilityTimeout(seconds)
                guard let receipt = store.receiptSeal.open(entry.receiptHandle) else {
                    throw .receiptHandleIsInvalid(entry.receiptHandle)
                }
                changes.append(.init(receipt: receipt, visibilityTimeoutSeconds: seconds))
                checked.append(nil)
            } catch {
                checked.append(error)
            }
        }
        guard !changes.isEmpty else {
            return answer(ifExists: queue, reply) { [checked] in
                .changeMessageVisibilityBatch(BatchResult(zip(entries.map(\.id), checked)))
            }
        }
        let command = ChangeMessageVisibilityCommand(queue: queue, entries: changes)
        submit(.changeMessageVisibility(command), reply) { [checked] outcome in
            guard case .changedMessageVisibility(let refusals) = outcome else {
                outcome.isNoOutcome(of: "ChangeMessageVisibility")
            }
            var rest = refusals[...]
            return .changeMessageVisibilityBatch(
                BatchResult(
                    zip(entries, checked).map { entry, error in
                        let refusal = error == nil ? rest.removeFirst() : nil
                        return (
                            entry.id,
                            error
                                ?? refusal?.errorOfChange(
                                    handle: entry.receiptHandle,
                                    seconds: entry.visibilityTimeoutSeconds ?? 0
                                )
                        )
                    }
                )
            )
        }
    }
}
