/// Everything a store holds at one moment, for tests and checks: not for the way of a request.
///
/// Expired messages and the rests of purged and deleted queues are left out, for when they go is the store's choice.
public struct StoreSnapshot: Sendable, Equatable {
    /// A queue with its messages.
    public struct Queue: Sendable, Equatable {
        /// What DescribeQueue says, without counts.
        public var description: QueueDescription

        /// The messages in the order in which they entered the queue.
        public var messages: [StoredMessage]

        /// Puts a queue together.
        public init(description: QueueDescription, messages: [StoredMessage]) {
            self.description = description
            self.messages = messages
        }
    }

    /// A message with its state.
    public struct StoredMessage: Sendable, Equatable {
        /// Its id.
        public var messageId: MessageID

        /// What it holds.
        public var content: MessageContent

        /// When it was sent.
        public var sentAt: Timestamp

        /// The queue it came from, if it was moved here.
        public var deadLetterSource: QueueName?

        /// SequenceNumber, on FIFO queues.
        public var sequenceNumber: SequenceNumber?

        /// How often it was received.
        public var receiveCount: Int

        /// When it was received for the first time.
        public var firstReceivedAt: Timestamp?

        /// When it was received last, in this queue.
        public var receivedAt: Timestamp?

        /// From when on it can be received: the moment of sending, or the end of its delay or hiding.
        public var availableAt: Timestamp

        /// Puts a message together.
        public init(
            messageId: MessageID,
            content: MessageContent,
            sentAt: Timestamp,
            deadLetterSource: QueueName?,
            sequenceNumber: SequenceNumber? = nil,
            receiveCount: Int,
            firstReceivedAt: Timestamp?,
            receivedAt: Timestamp?,
            availableAt: Timestamp
        ) {
            self.messageId = messageId
            self.content = content
            self.sentAt = sentAt
            self.deadLetterSource = deadLetterSource
            self.sequenceNumber = sequenceNumber
            self.receiveCount = receiveCount
            self.firstReceivedAt = firstReceivedAt
            self.receivedAt = receivedAt
            self.availableAt = availableAt
        }
    }

    /// The queues by name.
    public var queues: [QueueName: Queue]

    /// Puts a snapshot together.
    public init(queues: [QueueName: Queue]) {
        self.queues = queues
    }
}

/// A store that can show everything it holds.
public protocol InspectableStore: MessageStore {
    /// What the store holds after all that was submitted before. Blocks until it is known.
    func snapshot() throws -> StoreSnapshot
}
