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

    /// Called at each of these points, so that tests can end the process there; nothing in the product.
    package var failPoint: (@Sendable (FailPoint) -> Void)?

    /// Whether room is kept for when the disk is full; tests that open many stores in memory do without.
    package var hasBallast = true

    /// Pages that the database may have, so that tests can fill it; nothing for as many as the disk holds.
    package var databasePagesMax: Int?

    /// The room on the disk, so that tests can make it short; nothing for what the file system says.
    package var room: (@Sendable () -> FreeSpace.Room?)?

    /// Where a store that is given no clock takes its time from, so that tests can let it jump.
    package var machineClocks = MachineClocks.ofThisMachine

    /// Pages of the write-ahead log past which it is copied into the database: 2 MiB.
    ///
    /// While it is copied everybody waits, and four times as many take four times as long; a smaller log copies the
    /// same page more often.
    package var checkpointPages = 512

    /// How many changes of message groups are gathered before they are put where groups are looked up.
    package var groupBuffer = GroupBuffer.Size()

    /// Bits of the hash that stands for a message group, so that tests can have groups with the same.
    package var groupHashBits = GroupHasher.bits

    /// What SQLite reaches the files through, so that tests can have the disk fail; nothing for the system's own way.
    package var vfsName: String?

    /// Whether each commit is synced, so that tests can show that they find it if it is not.
    package var isEachCommitSynced = true

    /// Takes the defaults.
    public init() {}
}
