/// Whether a queue's new RedrivePolicy names a queue that can take its messages.
///
/// The form is checked by `QueueAttributes.changed(by:)`; this is what takes knowledge of the other queues.
public enum RedrivePolicyCheck {
    /// Checks the RedrivePolicy among new attribute values, if there is one and it is another than before.
    ///
    /// - Parameters:
    ///   - changes: the attribute values as the caller gave them.
    ///   - queue: the queue that is created or changed.
    ///   - attributes: gives the attributes of a queue, or nothing if it is not there.
    /// - Throws: InvalidParameterValue if the target is the queue itself, is missing, is of the other type, or has a
    ///   RedriveAllowPolicy that leaves this queue out (Developer Guide, "dead-letter queues").
    public static func check(
        changes: [QueueAttributeName: String],
        of queue: QueueName,
        attributes: (QueueName) -> QueueAttributes?
    ) throws(SQSError) {
        let name = QueueAttributeName.redrivePolicy
        guard let json = changes[name], !json.isEmpty else { return }
        let policy = try RedrivePolicy(json: json)
        // Whoever sets all attributes again, as Terraform does, changes nothing by it.
        guard policy != attributes(queue)?.redrivePolicy else { return }
        let target = policy.deadLetterTarget.queue
        let targetAttributes = attributes(target)
        let allowPolicy = try targetAttributes?.redriveAllowPolicy.map(RedriveAllowPolicy.init(json:))
        let isAllowed = allowPolicy?.allows(queue) ?? true
        let reason: String? =
            if target == queue {
                "Dead letter target must not be the source queue itself."
            } else if targetAttributes == nil {
                "Dead letter target does not exist."
            } else if target.isFifo != queue.isFifo {
                "Dead-letter queue must be same type of queue as the source."
            } else if !isAllowed {
                "The dead letter target does not allow this source queue."
            } else {
                nil
            }
        if let reason { throw .invalidParameterValue(json, for: name.rawValue, reason: reason) }
    }
}
