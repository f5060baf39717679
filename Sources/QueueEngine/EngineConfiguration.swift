import QueueModel

/// What of the service's rules can be switched.
public struct EngineConfiguration: Sendable, Hashable {
    /// Seconds between two purges of a queue, else PurgeQueueInProgress; zero for none.
    public var purgeIntervalSeconds = Limits.purgeIntervalSeconds

    /// Seconds for which the name of a deleted queue can't be used again: QueueDeletedRecently; zero for none.
    public var queueRecreationDelaySeconds = Limits.purgeIntervalSeconds

    /// AWS's own values.
    public init() {}
}
