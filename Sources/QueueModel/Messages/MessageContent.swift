/// What a message holds from its sending on; nothing of it ever changes.
public struct MessageContent: Sendable, Equatable {
    /// The body: UTF-8 without the characters that XML 1.0 lacks.
    public var body: [UInt8]

    /// The user attributes in their stored form; empty for none.
    public var attributes: EncodedMessageAttributes

    /// AWSTraceHeader, which does not count for MaximumMessageSize.
    public var traceHeader: String?

    /// Who sent it: the caller's id, the account's while authentication is off.
    public var senderId: String

    /// MessageGroupId: on a FIFO queue the messages of a group are received in order, one consumer at a time.
    public var messageGroupId: String?

    /// MessageDeduplicationId of a FIFO queue's message.
    public var messageDeduplicationId: String?

    /// MD5 over body and stored attributes, made when the message came in and checked before it is handed out.
    public let digest: MD5Digest

    /// Puts a content together and makes its digest.
    public init(
        body: [UInt8],
        attributes: EncodedMessageAttributes = .none,
        traceHeader: String? = nil,
        senderId: String
    ) {
        self.init(
            body: body,
            attributes: attributes,
            traceHeader: traceHeader,
            senderId: senderId,
            digest: MessageContent.digests(body: body, attributes: attributes).content
        )
    }

    /// Puts a content together and also tells MD5OfMessageBody, which comes off while the digest is made.
    public static func withMD5OfBody(
        body: [UInt8],
        attributes: EncodedMessageAttributes,
        traceHeader: String?,
        senderId: String,
        messageGroupId: String?,
        messageDeduplicationId: String?
    ) -> (content: MessageContent, md5OfBody: MD5Digest) {
        let digests = digests(body: body, attributes: attributes)
        let content = MessageContent(
            body: body,
            attributes: attributes,
            traceHeader: traceHeader,
            senderId: senderId,
            messageGroupId: messageGroupId,
            messageDeduplicationId: messageDeduplicationId,
            digest: digests.content
        )
        return (content, digests.body)
    }

    /// Takes a content back from a store together with the digest that was stored with it.
    public init(
        body: [UInt8],
        attributes: EncodedMessageAttributes,
        traceHeader: String?,
        senderId: String,
        messageGroupId: String? = nil,
        messageDeduplicationId: String? = nil,
        digest: MD5Digest
    ) {
        self.body = body
        self.attributes = attributes
        self.traceHeader = traceHeader
        self.senderId = senderId
        self.messageGroupId = messageGroupId
        self.messageDeduplicationId = messageDeduplicationId
        self.digest = digest
    }

    /// The bytes that count for MaximumMessageSize: the body, and the attributes' names, types and values.
    public var sizeBytes: Int {
        body.count + attributes.sizeBytes
    }

    /// MD5OfMessageBody, if body and attributes are still what was sent; nothing if the store damaged them.
    public func verifiedMD5OfBody() -> MD5Digest? {
        let digests = MessageContent.digests(body: body, attributes: attributes)
        return digests.content == digest ? digests.body : nil
    }

    private static func digests(
        body: [UInt8],
        attributes: EncodedMessageAttributes
    ) -> (body: MD5Digest, content: MD5Digest) {
        var hasher = MD5Hasher()
        hasher.update(body)
        let bodyDigest = hasher.digest
        guard !attributes.bytes.isEmpty else { return (bodyDigest, bodyDigest) }
        hasher.update(attributes.bytes)
        return (bodyDigest, hasher.digest)
    }
}
