/// Which deduplication id a message of a FIFO queue has.
public enum Deduplication {
    /// Seconds for which an id is remembered, also after its message was received and deleted (Quotas).
    public static let intervalSeconds = 300

    /// The id given with the message, or else that of its content if the queue makes use of it.
    ///
    /// - Throws: InvalidParameterValue if there is neither.
    public static func id(of message: NewMessage, in attributes: QueueAttributes) throws(SQSError) -> String {
        if let id = message.content.messageDeduplicationId { return id }
        if attributes.contentBasedDeduplication, let id = message.contentDeduplicationId { return id }
        throw .invalidParameterValue(
            "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"
        )
    }
}
