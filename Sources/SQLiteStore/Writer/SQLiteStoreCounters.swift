/// What a store's writer has done since it started.
public struct SQLiteStoreCounters: Sendable, Equatable {
    /// Batches, with and without changes.
    public var batches = 0

    /// Batches that changed something: each was one commit and one sync.
    public var commits = 0

    /// Commands carried out.
    public var commands = 0

    /// Checkpoints of the write-ahead log.
    public var checkpoints = 0
}
