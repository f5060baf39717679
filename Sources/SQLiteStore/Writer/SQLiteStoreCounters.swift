/// What a store's writer has done since it started.
public struct SQLiteStoreCounters: Sendable, Equatable {
    /// Batches, with and without changes.
    public var batches = 0

    /// Batches that changed something: each was one commit and one sync.
    public var commits = 0

    /// Commands carried out.
    public var commands = 0

    /// Messages that were parked because the disk had damaged them.
    public var parkedMessages = 0

    /// Checkpoints of the write-ahead log.
    public var checkpoints = 0
}
