internal import Crypto

/// Which deduplication id a message of a FIFO queue has.
public enum Deduplication {
    /// Seconds for which an id is remembered, also after its message was received and deleted (Quotas).
    public static let intervalSeconds = 300

    /// Seconds for which sends keep the former scope after SetQueueAttributes has changed DeduplicationScope.
    ///
    /// Recorded from AWS: the attribute shown changes at once, yet deduplication goes on as before for the next
    /// seconds, in both directions. How many was not recorded; AWS's reference says that changed attributes take up to
    /// 60 seconds to be in force everywhere (SetQueueAttributes).
    public static let formerScopeSeconds = 60

    /// The id of a message's content: SHA-256 of the body as 64 lower-case hexadecimal digits.
    public static func id(ofBody body: [UInt8]) -> String {
        let digest = body.withUnsafeBytes { bytes in
            var hasher = SHA256()
            hasher.update(bufferPointer: bytes)
            return hasher.finalize()
        }
        return String(unsafeUninitializedCapacity: 2 * SHA256.byteCount) { buffer in
            for (index, byte) in digest.enumerated() {
                buffer[2 * index] = hexadecimalDigit(byte >> 4)
                buffer[2 * index + 1] = hexadecimalDigit(byte & 0xF)
            }
            return 2 * SHA256.byteCount
        }
    }

    /// The ids of messages that are sent together.
    ///
    /// "If you aren't able to provide a MessageDeduplicationId and you don't enable ContentBasedDeduplication for your
    /// queue, the action fails with an error" (SendMessageBatchRequestEntry in the API reference): the whole of it, as
    /// was recorded for a message without a group.
    ///
    /// - Throws: InvalidParameterValue if one has none.
    public static func ids(of messages: [NewMessage], in attributes: QueueAttributes) throws(SQSError) -> [String] {
        var ids: [String] = []
        ids.reserveCapacity(messages.count)
        for message in messages { ids.append(try id(of: message, in: attributes)) }
        return ids
    }

    /// The id given with the message, or else that of its content if the queue makes use of it.
    private static func id(of message: NewMessage, in attributes: QueueAttributes) throws(SQSError) -> String {
        if let id = message.content.messageDeduplicationId { return id }
        if attributes.contentBasedDeduplication, let id = message.contentDeduplicationId { return id }
        throw .invalidParameterValue(
            "The queue should either have ContentBasedDeduplication enabled "
                + "or MessageDeduplicationId provided explicitly"
        )
    }

    private static func hexadecimalDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }
}
