/// Whether a queue's new RedrivePolicy names a queue that can take its messages.
///
/// The form is checked by `QueueAttributes.changed(by:)`; this is what takes knowledge of the other queues.
public enum RedrivePolicyCheck {
    /// Checks the RedrivePolicy among new attribute values, if there is one and it is not empty.
    ///
    /// - Parameters:
    ///   - changes: the attribute values as the caller gave them.
    ///   - queue: the queue that is created or changed.
    ///   - exists: tells whether a queue of that name is there.
    /// - Throws: InvalidParameterValue if the target is the queue itself, is missing or is of the other type (Developer
    ///   Guide, "dead-letter queues": the dead-letter queue of a standard queue must be a standard queue).
    public static func check(
        changes: [QueueAttributeName: String],
        of queue: QueueName,
        exists: (QueueName) -> Bool
    ) throws(SQSError) {
        let name = QueueAttributeName.redrivePolicy
        guard let json = changes[name], !json.isEmpty else { return }
        let target = try RedrivePolicy(json: json).deadLetterTarget.queue
        let reason: String? =
            if target == queue {
                "Dead letter target must not be the source queue itself."
            } else if !exists(target) {
                "Dead letter target does not exist."
            } else if target.isFifo != queue.isFifo {
                "Dead-letter queue must be same type of queue as the source."
            } else {
                nil
            }
        if let reason { throw .invalidParameterValue(json, for: name.rawValue, reason: reason) }
    }
}
