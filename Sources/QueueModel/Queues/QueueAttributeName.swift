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
