/// The input of SendMessage.
public struct SendMessageRequest: Sendable, Equatable {
    /// QueueUrl as the caller wrote it.
    public var queueUrl: String

    /// The message.
    public var message: MessageInput

    /// Puts a request together.
    public init(queueUrl: String, message: MessageInput) {
        self.queueUrl = queueUrl
        self.message = message
    }
}

/// What SendMessage and each entry of SendMessageBatch say of a message, unchecked.
public struct MessageInput: Sendable, Equatable {
    /// MessageBody, valid UTF-8; empty if it is missing.
    public var body: [UInt8]

    /// DelaySeconds, or nothing for the queue's.
    public var delaySeconds: Int?

    /// MessageAttributes in any order.
    public var attributes: [MessageAttributeInput]

    /// MessageSystemAttributes in any order.
    public var systemAttributes: [MessageAttributeInput]

    /// MessageGroupId.
    public var messageGroupId: String?

    /// MessageDeduplicationId.
    public var messageDeduplicationId: String?

    /// Puts an input together.
    public init(
        body: [UInt8],
        delaySeconds: Int? = nil,
        attributes: [MessageAttributeInput] = [],
        systemAttributes: [MessageAttributeInput] = [],
        messageGroupId: String? = nil,
        messageDeduplicationId: String? = nil
    ) {
        self.body = body
        self.delaySeconds = delaySeconds
        self.attributes = attributes
        self.systemAttributes = systemAttributes
        self.messageGroupId = messageGroupId
        self.messageDeduplicationId = messageDeduplicationId
    }
}

/// A message attribute as a caller writes it, unchecked.
public struct MessageAttributeInput: Sendable, Equatable {
    /// Its name.
    public var name: String

    /// DataType; empty if it is missing.
    public var dataType: String

    /// StringValue.
    public var stringValue: String?

    /// BinaryValue, decoded from base64.
    public var binaryValue: [UInt8]?

    /// Whether StringListValues or BinaryListValues were given, which SQS has never supported.
    public var hasListValues: Bool

    /// Puts an input together.
    public init(
        name: String,
        dataType: String,
        stringValue: String? = nil,
        binaryValue: [UInt8]? = nil,
        hasListValues: Bool = false
    ) {
        self.name = name
        self.dataType = dataType
        self.stringValue = stringValue
        self.binaryValue = binaryValue
        self.hasListValues = hasListValues
    }
}

/// The output of SendMessage.
public struct SendMessageResult: Sendable, Equatable {
    /// The message's id.
    public var messageId: MessageID

    /// MD5OfMessageBody.
    public var md5OfMessageBody: MD5Digest

    /// MD5OfMessageAttributes, if there are any.
    public var md5OfMessageAttributes: MD5Digest?

    /// MD5OfMessageSystemAttributes, if AWSTraceHeader was sent.
    public var md5OfMessageSystemAttributes: MD5Digest?

    /// SequenceNumber, on FIFO queues.
    public var sequenceNumber: String?

    /// Puts a result together.
    public init(
        messageId: MessageID,
        md5OfMessageBody: MD5Digest,
        md5OfMessageAttributes: MD5Digest? = nil,
        md5OfMessageSystemAttributes: MD5Digest? = nil,
        sequenceNumber: String? = nil
    ) {
        self.messageId = messageId
        self.md5OfMessageBody = md5OfMessageBody
        self.md5OfMessageAttributes = md5OfMessageAttributes
        self.md5OfMessageSystemAttributes = md5OfMessageSystemAttributes
        self.sequenceNumber = sequenceNumber
    }
}

/// Puts messages into a queue, in order; each is taken or refused for itself.
///
/// A message is refused with InvalidParameterValue if it is larger than the queue's MaximumMessageSize, and on a FIFO
/// queue if it has neither a deduplication id of its own nor one of its content that the queue makes use of.
///
/// On a FIFO queue a message whose deduplication id was sent within the last five minutes is not stored; its outcome is
/// that of the first one, whatever has become of it. The id counts for the queue or, with DeduplicationScope
/// messageGroup, for the message group. A purge forgets the ids.
public struct SendMessagesCommand: Sendable, Equatable {
    /// The name.
    public var queue: QueueName

    /// The messages.
    public var messages: [NewMessage]

    /// Puts a command together.
    public init(queue: QueueName, messages: [NewMessage]) {
        self.queue = queue
        self.messages = messages
    }
}

/// A message that lies in its queue.
public struct SentMessage: Sendable, Equatable {
    /// Its id; a duplicate's is the first one's.
    public var messageId: MessageID

    /// SequenceNumber, on FIFO queues.
    public var sequenceNumber: SequenceNumber?

    /// Puts it together.
    public init(messageId: MessageID, sequenceNumber: SequenceNumber? = nil) {
        self.messageId = messageId
        self.sequenceNumber = sequenceNumber
    }
}
