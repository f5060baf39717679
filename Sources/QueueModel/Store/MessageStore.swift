/// The seam between the SQS operations and whatever keeps queues and messages.
///
/// Commands go in, one outcome each comes back, in order. Each command is atomic, and it is durable before its outcome
/// is told. Durations go down, absolute times come up: the store owns `now`. It allocates order, receive counts and
/// receipts.
/// The conformance suite (`Tests/StoreConformanceTests`) is the full definition.
public protocol MessageStore: Sendable {
    /// What turns this store's receipts into receipt handles.
    var receiptSeal: ReceiptSeal { get }

    /// Hands commands over; they run in this order, and after all that were handed over before.
    ///
    /// Each completion is called once, on a thread of the store's choice, in the order of the commands, after the
    /// batch that holds its command is durable. It must not block. Only a receive that has much to remove or to move
    /// first is done in steps, and what was handed over after it may pass it.
    func submit(_ submissions: [Submission])

    /// Hands one command over.
    func submit(_ submission: Submission)

    /// Sets who hears of messages that become available. To be called before the first command.
    ///
    /// The listener is called after the completions of the batch that caused it, on the same thread. It is a hint:
    /// what it says may have changed since.
    func setAvailabilityListener(_ listener: @escaping @Sendable (Availability) -> Void)
}

/// A command, and who hears of its outcome.
public struct Submission: Sendable {
    /// What to do.
    public let command: Command

    /// Asked when the command's turn comes: if it is called off, such as when nobody waits for it any more, it is not
    /// carried out.
    public let isAbandoned: (@Sendable () -> Bool)?

    /// Told the outcome once.
    public let completion: @Sendable (Result<Outcome, StoreError>) -> Void

    /// Puts a submission together.
    public init(
        _ command: Command,
        isAbandoned: (@Sendable () -> Bool)? = nil,
        completion: @escaping @Sendable (Result<Outcome, StoreError>) -> Void
    ) {
        self.command = command
        self.isAbandoned = isAbandoned
        self.completion = completion
    }
}

/// A hint that messages of a queue have become available, or will at a known moment.
public struct Availability: Sendable, Equatable {
    /// The queue.
    public let queue: QueueName

    /// How many messages became available just now.
    public let availableNow: Int

    /// The earliest moment at which one of those that were hidden by this batch becomes available.
    public let nextAvailableAt: Timestamp?

    /// The moment of the batch.
    public let now: Timestamp

    /// Whether the queue is gone, so that every poll on it should end.
    public let isQueueDeleted: Bool

    /// Puts a hint together.
    public init(
        queue: QueueName,
        availableNow: Int,
        nextAvailableAt: Timestamp?,
        now: Timestamp,
        isQueueDeleted: Bool = false
    ) {
        self.queue = queue
        self.availableNow = availableNow
        self.nextAvailableAt = nextAvailableAt
        self.now = now
        self.isQueueDeleted = isQueueDeleted
    }
}

/// Where a store takes the time from.
///
/// It never goes back.
public protocol StoreClock: Sendable {
    /// The present moment.
    func now() -> Timestamp
}
