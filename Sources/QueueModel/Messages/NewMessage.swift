/// A checked message on its way into a queue.
public struct NewMessage: Sendable, Equatable {
    /// The id drawn for it.
    public var messageId: MessageID

    /// What the message holds.
    public var content: MessageContent

    /// Seconds until it can be received for the first time, or nothing for the queue's DelaySeconds.
    public var delaySeconds: Int?

    /// Puts a message together.
    public init(messageId: MessageID, content: MessageContent, delaySeconds: Int? = nil) {
        self.messageId = messageId
        self.content = content
        self.delaySeconds = delaySeconds
    }
}
