/// Puts messages aside whose body or attributes the disk has damaged, so that nobody gets them again.
///
/// The store looks for itself, and leaves alone what matches its digest or was received again since. A parked message
/// is kept for the operator until it expires or its queue is purged or deleted. It is not counted, and its group goes
/// on without it.
public struct ParkMessagesCommand: Sendable, Equatable {
    /// The queue they were received from.
    public var queue: QueueName

    /// The receives that brought them.
    public var receipts: [Receipt]

    /// Puts a command together.
    public init(queue: QueueName, receipts: [Receipt]) {
        self.queue = queue
        self.receipts = receipts
    }
}
