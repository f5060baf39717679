import QueueModel

/// The digests of what a sender sent, also if it is a duplicate.
struct MessageDigests: Sendable {
    let md5OfBody: MD5Digest
    let md5OfAttributes: MD5Digest?
    let md5OfSystemAttributes: MD5Digest?

    /// What SendMessage answers.
    func result(of sent: SentMessage) -> SendMessageResult {
        SendMessageResult(
            messageId: sent.messageId,
            md5OfMessageBody: md5OfBody,
            md5OfMessageAttributes: md5OfAttributes,
            md5OfMessageSystemAttributes: md5OfSystemAttributes,
            sequenceNumber: sent.sequenceNumber?.text
        )
    }
}

extension MessageInput {
    /// Body and attributes as they count for size limits.
    var sizeBytes: Int {
        attributes.reduce(body.count) { size, attribute in
            size + attribute.name.utf8.count + attribute.dataType.utf8.count
                + (attribute.stringValue?.utf8.count ?? attribute.binaryValue?.count ?? 0)
        }
    }

    /// Whether a FIFO queue can't take it for want of a group.
    var lacksMessageGroupId: Bool {
        messageGroupId?.isEmpty ?? true
    }
}

extension QueueEngine {
    /// Checks a message but for what takes the queue's attributes, gives it an id and makes its digests.
    ///
    /// - Returns: the message, and what the sender will hear of it.
    /// - Throws: what SendMessage answers, or the entry's error in a batch.
    func outgoingMessage(
        _ input: MessageInput,
        to queue: QueueName,
        from caller: Caller
    ) throws(SQSError) -> (message: NewMessage, digests: MessageDigests) {
        guard !input.body.isEmpty else { throw .missingParameter("MessageBody") }
        guard MessageCharacters.areAllowed(input.body) else {
            throw .invalidMessageContents(
                "Invalid characters found. Valid unicode characters are \(MessageCharacters.allowed)"
            )
        }
        let delaySeconds = try delaySeconds(of: input, to: queue)
        try checkFifoIds(of: input, to: queue)

        let attributes = input.attributes.isEmpty ? [] : try MessageAttribute.checked(input.attributes)
        let encoded = attributes.isEmpty ? EncodedMessageAttributes.none : EncodedMessageAttributes(attributes)
        let trace = try traceHeader(of: input)
        let (content, md5OfBody) = MessageContent.withMD5OfBody(
            body: input.body,
            attributes: encoded,
            traceHeader: trace.text ?? caller.usableTraceHeader,
            senderId: caller.senderId,
            messageGroupId: input.messageGroupId,
            messageDeduplicationId: input.messageDeduplicationId
        )
        let hasOwnId = input.messageDeduplicationId != nil
        let message = NewMessage(
            messageId: messageIDs.next(),
            content: content,
            delaySeconds: delaySeconds,
            contentDeduplicationId: queue.isFifo && !hasOwnId ? Deduplication.id(ofBody: input.body) : nil
        )
        let digests = MessageDigests(
            md5OfBody: md5OfBody,
            md5OfAttributes: MD5Digest(ofAttributes: attributes),
            md5OfSystemAttributes: trace.md5
        )
        return (message, digests)
    }

    /// The message's own delay, or nothing for the queue's, which on a FIFO queue is that of all its messages.
    private func delaySeconds(of input: MessageInput, to queue: QueueName) throws(SQSError) -> Int? {
        guard let seconds = input.delaySeconds else { return nil }
        if queue.isFifo {
            // Recorded: zero means the queue's delay there, and any other value is refused.
            guard seconds == 0 else { throw .notValidForQueueType("\(seconds)", for: "DelaySeconds") }
            return nil
        }
        guard Limits.delaySeconds.contains(seconds) else {
            throw .invalidParameterValue(
                "\(seconds)",
                for: "DelaySeconds",
                reason: "DelaySeconds must be >= \(Limits.delaySeconds.lowerBound) "
                    + "and <= \(Limits.delaySeconds.upperBound)."
            )
        }
        return seconds
    }

    private func checkFifoIds(of input: MessageInput, to queue: QueueName) throws(SQSError) {
        if let group = input.messageGroupId {
            try FifoId.check(group, for: "MessageGroupId")
        }
        if let id = input.messageDeduplicationId {
            guard queue.isFifo else { throw .notValidForQueueType(id, for: "MessageDeduplicationId") }
            try FifoId.check(id, for: "MessageDeduplicationId")
        }
    }

    /// AWSTraceHeader among the system attributes, of which there is no other.
    private func traceHeader(of input: MessageInput) throws(SQSError) -> (text: String?, md5: MD5Digest?) {
        guard !input.systemAttributes.isEmpty else { return (nil, nil) }
        let name = MessageSystemAttributeName.awsTraceHeader.rawValue
        for attribute in input.systemAttributes where attribute.name != name {
            throw .invalidParameterValue(
                "Message system attribute name '\(attribute.name)' is invalid. The only one supported is \(name)."
            )
        }
        let attribute = input.systemAttributes[0]
        guard input.systemAttributes.count == 1 else {
            throw .invalidParameterValue("Message system attribute name '\(name)' already exists.")
        }
        guard !attribute.hasListValues else { throw .listValuesAreUnsupported }
        guard attribute.dataType == "String" else {
            throw .invalidParameterValue("The type of message system attribute '\(name)' must be String.")
        }
        guard let text = attribute.stringValue, !text.isEmpty else {
            throw .invalidParameterValue(
                "Message system attribute '\(name)' must contain a non-empty value of type 'String'."
            )
        }
        guard text.utf8.count <= Limits.traceHeaderSizeBytesMax else {
            throw .invalidParameterValue(
                "Message system attribute '\(name)' must not be longer than \(Limits.traceHeaderSizeBytesMax) bytes."
            )
        }
        guard MessageCharacters.areAllowed(text) else {
            throw .invalidParameterValue(
                "Invalid characters found. Valid unicode characters are \(MessageCharacters.allowed)"
            )
        }
        let whole = MessageAttribute(name: name, dataType: attribute.dataType, value: .string(text))
        return (text, MD5Digest(ofAttributes: [whole]))
    }
}

extension Caller {
    /// The request's trace header, unless it is longer than a message's or has what that can't hold.
    fileprivate var usableTraceHeader: String? {
        guard let traceHeader, !traceHeader.isEmpty, traceHeader.utf8.count <= Limits.traceHeaderSizeBytesMax,
            MessageCharacters.areAllowed(traceHeader)
        else { return nil }
        return traceHeader
    }
}
