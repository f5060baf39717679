/// The names of queue attributes, as the service model has them.
public enum QueueAttributeName: String, Sendable, Hashable, CaseIterable {
    case all = "All"
    case approximateNumberOfMessages = "ApproximateNumberOfMessages"
    case approximateNumberOfMessagesDelayed = "ApproximateNumberOfMessagesDelayed"
    case approximateNumberOfMessagesNotVisible = "ApproximateNumberOfMessagesNotVisible"
    case contentBasedDeduplication = "ContentBasedDeduplication"
    case createdTimestamp = "CreatedTimestamp"
    case deduplicationScope = "DeduplicationScope"
    case delaySeconds = "DelaySeconds"
    case fifoQueue = "FifoQueue"
    case fifoThroughputLimit = "FifoThroughputLimit"
    case kmsDataKeyReusePeriodSeconds = "KmsDataKeyReusePeriodSeconds"
    case kmsMasterKeyId = "KmsMasterKeyId"
    case lastModifiedTimestamp = "LastModifiedTimestamp"
    case maximumMessageSize = "MaximumMessageSize"
    case messageRetentionPeriod = "MessageRetentionPeriod"
    case policy = "Policy"
    case queueArn = "QueueArn"
    case receiveMessageWaitTimeSeconds = "ReceiveMessageWaitTimeSeconds"
    case redriveAllowPolicy = "RedriveAllowPolicy"
    case redrivePolicy = "RedrivePolicy"
    case sqsManagedSseEnabled = "SqsManagedSseEnabled"
    case visibilityTimeout = "VisibilityTimeout"

    /// The attribute that a request names.
    ///
    /// A `String` equals whatever Unicode calls the same: the Kelvin sign is a K to it, but to nobody else.
    ///
    /// - Throws: InvalidAttributeName if there is none of this name.
    public init(named name: String) throws(SQSError) {
        guard name.utf8.allSatisfy({ $0 < 0x80 }), let found = QueueAttributeName(rawValue: name) else {
            throw .unknownAttribute(name)
        }
        self = found
    }

    /// Whether only FIFO queues have the attribute.
    public var isForFifoOnly: Bool {
        switch self {
        case .fifoQueue, .contentBasedDeduplication, .deduplicationScope, .fifoThroughputLimit: true
        default: false
        }
    }

    /// Whether the service computes the attribute, so that nobody can set it.
    public var isReadOnly: Bool {
        switch self {
        case .all, .approximateNumberOfMessages, .approximateNumberOfMessagesDelayed,
            .approximateNumberOfMessagesNotVisible, .createdTimestamp, .lastModifiedTimestamp, .queueArn:
            true
        default:
            false
        }
    }
}

extension SQSError {
    /// An attribute that there is not, not for this queue, or not for this operation.
    public static func unknownAttribute(_ name: String) -> SQSError {
        .invalidAttributeName("Unknown Attribute \(name).")
    }
}
