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

    /// The id given with the message, or else that of its content if the queue makes use of it.
    ///
    /// - Throws: InvalidParameterValue if there is neither.
    public static func id(of message: NewMessage, in attributes: QueueAttributes) throws(SQSError) -> String {
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
