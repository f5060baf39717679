/// A checked message on its way into a queue.
public struct NewMessage: Sendable, Equatable {
    /// The id drawn for it.
    public var messageId: MessageID

    /// What the message holds.
    public var content: MessageContent

    /// Seconds until it can be received for the first time, or nothing for the queue's DelaySeconds.
    public var delaySeconds: Int?

    /// SHA-256 of the body in hexadecimal, for a FIFO queue with ContentBasedDeduplication; only where the content has
    /// no deduplication id.
    public var contentDeduplicationId: String?

    /// Puts a message together.
    public init(
        messageId: MessageID,
        content: MessageContent,
        delaySeconds: Int? = nil,
        contentDeduplicationId: String? = nil
    ) {
        self.contentDeduplicationId = contentDeduplicationId
        self.messageId = messageId
        self.content = content
        self.delaySeconds = delaySeconds
    }
}
