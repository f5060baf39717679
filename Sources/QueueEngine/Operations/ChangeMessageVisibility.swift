import QueueModel

extension QueueEngine {
    /// Hides one received message from now on for another time.
    func changeMessageVisibility(_ request: ChangeMessageVisibilityRequest, _ reply: Reply) throws(SQSError) {
        let queue = try queue(request.queueUrl)
        let handle = request.receiptHandle
        let seconds = request.visibilityTimeoutSeconds
        guard !handle.isEmpty else { throw .missingParameter("ReceiptHandle") }
        try checkVisibilityTimeout(seconds)
        guard let receipt = store.receiptSeal.open(handle) else {
            return answer(ifExists: queue, reply) { () throws(SQSError) in throw .receiptHandleIsInvalid(handle) }
        }
        let command = ChangeMessageVisibilityCommand(
            queue: queue,
            entries: [.init(receipt: receipt, visibilityTimeoutSeconds: seconds)]
        )
        submit(.changeMessageVisibility(command), reply) { outcome throws(SQSError) in
            guard case .changedMessageVisibility(let refusals) = outcome, refusals.count == 1 else {
                outcome.isNoOutcome(of: "ChangeMessageVisibility")
            }
            if let refusal = refusals[0] { throw refusal.errorOfChange(handle: handle, seconds: seconds) }
            return .changeMessageVisibility
        }
    }
}

extension ReceiptRefusal {
    /// What ChangeMessageVisibility answers.
    func errorOfChange(handle: String, seconds: Int) -> SQSError {
        switch self {
        case .belongsToAnotherQueue:
            .receiptHandleIsInvalid(handle)
        case .expired:
            .invalidParameterValue(handle, for: "ReceiptHandle", reason: "The receipt handle has expired.")
        case .messageNotAvailable:
            .invalidParameterValue(
                handle,
                for: "ReceiptHandle",
                reason: "Message does not exist or is not available for visibility timeout change."
            )
        case .totalVisibilityBeyondLimit:
            .invalidParameterValue(
                "\(seconds)",
                for: "VisibilityTimeout",
                reason: "Total VisibilityTimeout for the message is beyond the limit "
                    + "[\(Limits.visibilityTimeoutSeconds.upperBound) seconds]"
            )
        }
    }
}
