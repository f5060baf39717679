/// What a deduplication id counts for.
public enum DeduplicationScope: String, Sendable, Hashable {
    case queue
    case messageGroup
}

/// What the throughput quota of a FIFO queue counts for on AWS.
public enum FifoThroughputLimit: String, Sendable, Hashable {
    case perQueue
    case perMessageGroupId
}
