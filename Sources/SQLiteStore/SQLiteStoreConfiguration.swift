import QueueModel

/// What can be set on a store, mostly by tests that need small limits.
public struct SQLiteStoreConfiguration: Sendable {
    /// Messages that a queue can have in flight.
    public var inFlightMessagesMax = Limits.inFlightMessagesMax

    /// Commands that one commit holds at most.
    public var batchCommandsMax = 1_000

    /// Bytes of bodies and attributes that the sends of one commit hold at most, but for a single larger command.
    public var batchSizeBytesMax = 4 * 1_048_576

    /// Bytes of bodies and attributes that may wait for the writer; more are refused for now.
    public var waitingSizeBytesMax = 256 * 1_048_576

    /// Whether room is kept for when the disk is full; tests that open many stores in memory do without.
    package var hasBallast = true

    /// Pages that the database may have, so that tests can fill it; nothing for as many as the disk holds.
    package var databasePagesMax: Int?

    /// The room on the disk, so that tests can make it short; nothing for what the file system says.
    package var room: (@Sendable () -> FreeSpace.Room?)?

    /// Takes the defaults.
    public init() {}
}
