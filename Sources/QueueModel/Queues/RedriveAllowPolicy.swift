/// Which queues may name a queue as their dead-letter queue.
public enum RedriveAllowPolicy: Sendable, Hashable {
    case allowAll
    case denyAll

    /// Only these, ten at most.
    case byQueue([QueueARN])

    /// Reads the attribute's JSON.
    ///
    /// Source: SetQueueAttributes in the API reference.
    ///
    /// - Throws: InvalidParameterValue.
    public init(json: String) throws(SQSError) {
        func invalid(_ reason: String) -> SQSError {
            .invalidParameterValue(json, for: QueueAttributeName.redriveAllowPolicy.rawValue, reason: reason)
        }
        guard let members = QueuePolicyForm.object(json) else {
            throw invalid("Redrive allow policy is not a valid JSON map.")
        }
        let sources = members["sourceQueueArns"]
        switch members["redrivePermission"] as? String {
        case "allowAll" where sources == nil: self = .allowAll
        case "denyAll" where sources == nil: self = .denyAll
        case "allowAll", "denyAll":
            throw invalid("sourceQueueArns can only be specified when redrivePermission is byQueue.")
        case "byQueue":
            let arns = (sources as? [String])?.map(QueueARN.init(_:)) ?? []
            guard (1...Limits.redriveAllowPolicySourcesMax).contains(arns.count), !arns.contains(nil) else {
                throw invalid("sourceQueueArns must have 1 to \(Limits.redriveAllowPolicySourcesMax) queue ARNs.")
            }
            self = .byQueue(arns.compactMap(\.self))
        default:
            throw invalid("Invalid value for redrivePermission.")
        }
    }

    /// Whether a queue may use the queue that has this policy.
    ///
    /// All queues of a store share account and region.
    public func allows(_ source: QueueName) -> Bool {
        switch self {
        case .allowAll: true
        case .denyAll: false
        case .byQueue(let arns): arns.contains { $0.queue == source }
        }
    }
}
