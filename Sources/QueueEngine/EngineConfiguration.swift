import QueueModel

/// What of the service's rules can be switched.
public struct EngineConfiguration: Sendable, Hashable {
    /// Seconds between two purges of a queue, else PurgeQueueInProgress; zero for none.
    public var purgeIntervalSeconds = Limits.purgeIntervalSeconds

    /// Seconds for which the name of a deleted queue can't be used again: QueueDeletedRecently; zero for none.
    public var queueRecreationDelaySeconds = Limits.purgeIntervalSeconds

    /// Receives that may wait for messages at a time; a further one is answered at once, as if it did not wait.
    public var longPollsMax = 8_000

    /// Bytes that long answers on their way to clients may use; receives are held back while they use all of it.
    public var answersSizeBytesMax = 128 * 1_048_576

    /// AWS's own values, and bounds that suit a small machine.
    public init() {}
}
