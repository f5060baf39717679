import QueueModel
import ReferenceStore

/// A store whose disk turned every "bad" body into "b!d".
final class DamagedStore: MessageStore {
    private let inner = ReferenceStore(clock: ManualClock())

    var receiptSeal: ReceiptSeal {
        inner.receiptSeal
    }

    func submit(_ submissions: [Submission]) {
        inner.submit(submissions.map(damaging))
    }

    func submit(_ submission: Submission) {
        inner.submit(damaging(submission))
    }

    func setAvailabilityListener(_ listener: @escaping @Sendable (Availability) -> Void) {
        inner.setAvailabilityListener(listener)
    }

    private func damaging(_ submission: Submission) -> Submission {
        Submission(submission.command, isAbandoned: submission.isAbandoned) { result in
            guard case .success(.receivedMessages(var received)) = result else { return submission.completion(result) }
            for index in received.messages.indices
            where received.messages[index].content.body == Array("bad".utf8) {
                received.messages[index].content.body = Array("b!d".utf8)
            }
            submission.completion(.success(.receivedMessages(received)))
        }
    }
}
