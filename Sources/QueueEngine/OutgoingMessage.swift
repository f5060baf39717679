import QueueModel

/// A message that passed all checks but the queue's own size limit, with what the sender will hear of it.
struct OutgoingMessage: Sendable {
    let message: NewMessage
    let result: SendMessageResult
}

extension MessageInput {
    /// Body and attributes as they count for size limits.
    var sizeBytes: Int {
        attributes.reduce(body.count) { size, attribute in
            size + attribute.name.utf8.count + attribute.dataType.utf8.count
                + (attribute.stringValue?.utf8.count ?? attribute.binaryValue?.count ?? 0)
        }
    }
}

extension QueueEngine {
    /// Checks a message, gives it an id and makes its digests.
    ///
    /// - Throws: what SendMessage answers, or the entry's error in a batch.
    func outgoingMessage(
        _ input: MessageInput,
        to queue: QueueName,
        from caller: Caller
    ) throws(SQSError) -> OutgoingMessage {
        guard !input.body.isEmpty else { throw .missingParameter("MessageBody") }
        guard MessageCharacters.areAllowed(input.body) else {
            throw .invalidMessageContents(
                "Invalid characters found. Valid unicode characters are \(MessageCharacters.allowed)"
            )
        }
        if let seconds = input.delaySeconds, !Limits.delaySeconds.contains(seconds) {
            throw .invalidParameterValue(
                "\(seconds)",
                for: "DelaySeconds",
                reason: "DelaySeconds must be >= \(Limits.delaySeconds.lowerBound) "
                    + "and <= \(Limits.delaySeconds.upperBound)."
            )
        }
        try checkFifoParameters(of: input, to: queue)

        let attributes = input.attributes.isEmpty ? [] : try MessageAttribute.checked(input.attributes)
        let encoded = attributes.isEmpty ? EncodedMessageAttributes.none : EncodedMessageAttributes(attributes)
        let trace = try traceHeader(of: input)
        let messageId = messageIDs.next()
        let (content, md5OfBody) = MessageContent.withMD5OfBody(
            body: input.body,
            attributes: encoded,
            traceHeader: trace?.text ?? caller.usableTraceHeader,
            senderId: caller.senderId
        )
        return OutgoingMessage(
            message: NewMessage(messageId: messageId, content: content, delaySeconds: input.delaySeconds),
            result: SendMessageResult(
                messageId: messageId.text,
                md5OfMessageBody: md5OfBody.text,
                md5OfMessageAttributes: MD5Digest(ofAttributes: attributes)?.text,
                md5OfMessageSystemAttributes: trace?.md5
            )
        )
    }

    private func checkFifoParameters(of input: MessageInput, to queue: QueueName) throws(SQSError) {
        // There is no FIFO queue yet, which the store will say.
        guard !queue.isFifo else { return }
        if let id = input.messageDeduplicationId {
            throw .notValidForQueueType(id, for: "MessageDeduplicationId")
        }
        guard input.messageGroupId == nil else {
            throw .unsupportedOperation("MessageGroupId is not supported yet.")
        }
    }

    /// AWSTraceHeader among the system attributes, of which there is no other.
    private func traceHeader(of input: MessageInput) throws(SQSError) -> (text: String, md5: String?)? {
        guard !input.systemAttributes.isEmpty else { return nil }
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
        return (text, MD5Digest(ofAttributes: [whole])?.text)
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
