/// The input of ReceiveMessage.
public struct ReceiveMessageRequest: Sendable, Equatable {
    /// QueueUrl as the caller wrote it.
    public var queueUrl: String

    /// AttributeNames and MessageSystemAttributeNames together, unchecked.
    public var systemAttributeNames: [String]

    /// MessageAttributeNames: names, prefixes with `.*`, `All`.
    public var messageAttributeNames: [String]

    /// MaxNumberOfMessages, 1 if it is missing.
    public var maxNumberOfMessages: Int?

    /// VisibilityTimeout, or nothing for the queue's.
    public var visibilityTimeoutSeconds: Int?

    /// WaitTimeSeconds, or nothing for the queue's.
    public var waitTimeSeconds: Int?

    /// ReceiveRequestAttemptId.
    public var receiveRequestAttemptId: String?

    /// Puts a request together.
    public init(
        queueUrl: String,
        systemAttributeNames: [String] = [],
        messageAttributeNames: [String] = [],
        maxNumberOfMessages: Int? = nil,
        visibilityTimeoutSeconds: Int? = nil,
        waitTimeSeconds: Int? = nil,
        receiveRequestAttemptId: String? = nil
    ) {
        self.queueUrl = queueUrl
        self.systemAttributeNames = systemAttributeNames
        self.messageAttributeNames = messageAttributeNames
        self.maxNumberOfMessages = maxNumberOfMessages
        self.visibilityTimeoutSeconds = visibilityTimeoutSeconds
        self.waitTimeSeconds = waitTimeSeconds
        self.receiveRequestAttemptId = receiveRequestAttemptId
    }
}

/// The output of ReceiveMessage.
public struct ReceiveMessageResult: Sendable, Equatable {
    /// The messages; none is an answer, too.
    public var messages: [Message]

    /// Puts a result together.
    public init(messages: [Message] = []) {
        self.messages = messages
    }
}

/// A received message as the service model has it.
public struct Message: Sendable, Equatable {
    /// The message's id.
    public var messageId: MessageID

    /// The handle of this receive.
    public var receiptHandle: String

    /// MD5OfBody.
    public var md5OfBody: MD5Digest

    /// The body.
    public var body: [UInt8]

    /// Attributes: the system attributes asked for, in the order of their names.
    public var systemAttributes: [SystemAttribute]

    /// MD5OfMessageAttributes over the returned attributes, if there are any.
    public var md5OfMessageAttributes: MD5Digest?

    /// The message attributes asked for, in the order of their names.
    public var messageAttributes: [MessageAttribute]

    /// Puts a message together.
    public init(
        messageId: MessageID,
        receiptHandle: String,
        md5OfBody: MD5Digest,
        body: [UInt8],
        systemAttributes: [SystemAttribute] = [],
        md5OfMessageAttributes: MD5Digest? = nil,
        messageAttributes: [MessageAttribute] = []
    ) {
        self.messageId = messageId
        self.receiptHandle = receiptHandle
        self.md5OfBody = md5OfBody
        self.body = body
        self.systemAttributes = systemAttributes
        self.md5OfMessageAttributes = md5OfMessageAttributes
        self.messageAttributes = messageAttributes
    }
}

/// A system attribute of a received message.
public struct SystemAttribute: Sendable, Equatable {
    /// Which one.
    public var name: MessageSystemAttributeName

    /// Its value as text.
    public var value: String

    /// Puts an attribute together.
    public init(name: MessageSystemAttributeName, value: String) {
        self.name = name
        self.value = value
    }
}

/// The names of message system attributes, as the service model has them.
public enum MessageSystemAttributeName: String, Sendable, Hashable, CaseIterable {
    case all = "All"
    case approximateFirstReceiveTimestamp = "ApproximateFirstReceiveTimestamp"
    case approximateReceiveCount = "ApproximateReceiveCount"
    case awsTraceHeader = "AWSTraceHeader"
    case deadLetterQueueSourceArn = "DeadLetterQueueSourceArn"
    case messageDeduplicationId = "MessageDeduplicationId"
    case messageGroupId = "MessageGroupId"
    case senderId = "SenderId"
    case sentTimestamp = "SentTimestamp"
    case sequenceNumber = "SequenceNumber"
}

/// Hands out the messages that have been available longest and hides them.
///
/// A standard queue merges what came back (by the moment its hiding ended) and what was never received (by the moment
/// it was sent), the longest available first; where both moments are the same, what came back goes first, and then the
/// one that entered the queue first. An expired message is removed instead of handed out. One that was received
/// maxReceiveCount times goes to the dead-letter queue instead, in the same transaction, if that queue exists. A store
/// that has many to remove or to move may hand out fewer than were asked for, but never none while one is available.
///
/// A FIFO queue hands out groups, the one first that has been ready longest: of each the messages from its head to the
/// first one in flight, or to the first one whose delay is not over. A group is ready when its head is available: one
/// that was received, when its hiding ended; one that never was, when it was sent plus the queue's present
/// DelaySeconds. Groups that got ready at the same moment follow the order of their heads in the queue. What is moved
/// to a dead-letter queue enters it as if sent now (a FIFO queue's), with its MessageId for deduplication id.
public struct ReceiveMessagesCommand: Sendable, Equatable {
    /// The name.
    public var queue: QueueName

    /// Messages at most, 1 to 10.
    public var maxNumberOfMessages: Int

    /// Seconds that they stay hidden, or nothing for the queue's VisibilityTimeout.
    public var visibilityTimeoutSeconds: Int?

    /// ReceiveRequestAttemptId, on FIFO queues: within five minutes the same id gives the same messages and receipts
    /// again and hides them anew; it is refused once one of them was deleted or its visibility changed.
    public var attemptId: String?

    /// Whether the outcome should say when the next message becomes available: always for what is going to be parked.
    public var reportsNextAvailability: Bool

    /// Puts a command together.
    public init(
        queue: QueueName,
        maxNumberOfMessages: Int = 1,
        visibilityTimeoutSeconds: Int? = nil,
        attemptId: String? = nil,
        reportsNextAvailability: Bool = false
    ) {
        self.attemptId = attemptId
        self.queue = queue
        self.maxNumberOfMessages = maxNumberOfMessages
        self.visibilityTimeoutSeconds = visibilityTimeoutSeconds
        self.reportsNextAvailability = reportsNextAvailability
    }
}

/// What a receive handed out.
public struct ReceivedMessages: Sendable, Equatable {
    /// The messages, the longest available first.
    public var messages: [ReceivedMessage]

    /// The moment of the receive.
    public var now: Timestamp

    /// The queue's ReceiveMessageWaitTimeSeconds.
    public var receiveMessageWaitTimeSeconds: Int

    /// Whether nothing came because 120,000 messages are in flight.
    public var isOverLimit: Bool

    /// If it was asked for: the moment at which the next message is available, not later than now if one already is;
    /// nothing if the queue has no other message.
    public var nextAvailableAt: Timestamp?

    /// Puts an outcome together.
    public init(
        messages: [ReceivedMessage],
        now: Timestamp,
        receiveMessageWaitTimeSeconds: Int,
        isOverLimit: Bool = false,
        nextAvailableAt: Timestamp? = nil
    ) {
        self.messages = messages
        self.now = now
        self.receiveMessageWaitTimeSeconds = receiveMessageWaitTimeSeconds
        self.isOverLimit = isOverLimit
        self.nextAvailableAt = nextAvailableAt
    }
}
