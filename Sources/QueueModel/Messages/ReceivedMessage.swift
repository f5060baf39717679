/// A message as a receive hands it out.
public struct ReceivedMessage: Sendable, Equatable {
    /// Its id.
    public var messageId: MessageID

    /// What it holds.
    public var content: MessageContent

    /// When it was sent: SentTimestamp.
    public var sentAt: Timestamp

    /// When it was received for the first time: ApproximateFirstReceiveTimestamp.
    public var firstReceivedAt: Timestamp

    /// How often it was received, this receive counted: ApproximateReceiveCount.
    public var receiveCount: Int

    /// The queue it came from, if it lies in a dead-letter queue: DeadLetterQueueSourceArn.
    public var deadLetterSource: QueueName?

    /// SequenceNumber, on FIFO queues.
    public var sequenceNumber: SequenceNumber?

    /// What names this receive in a receipt handle.
    public var receipt: Receipt

    /// Puts a received message together.
    public init(
        messageId: MessageID,
        content: MessageContent,
        sentAt: Timestamp,
        firstReceivedAt: Timestamp,
        receiveCount: Int,
        deadLetterSource: QueueName?,
        sequenceNumber: SequenceNumber? = nil,
        receipt: Receipt
    ) {
        self.messageId = messageId
        self.content = content
        self.sentAt = sentAt
        self.firstReceivedAt = firstReceivedAt
        self.receiveCount = receiveCount
        self.deadLetterSource = deadLetterSource
        self.sequenceNumber = sequenceNumber
        self.receipt = receipt
    }
}
