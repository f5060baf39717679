import QueueModel

/// The system attributes that a receive asks for.
struct SystemAttributeSelection: Sendable {
    /// In the order of their names, which is that of the answer.
    private static let everything = MessageSystemAttributeName.allCases
        .filter { $0 != .all }
        .sorted { $0.rawValue < $1.rawValue }

    private let names: [MessageSystemAttributeName]

    /// Reads AttributeNames and MessageSystemAttributeNames.
    ///
    /// - Throws: InvalidAttributeName for a name that the service model does not have.
    init(_ texts: [String]) throws(SQSError) {
        guard !texts.isEmpty else {
            names = []
            return
        }
        var asked: Set<MessageSystemAttributeName> = []
        for text in texts {
            guard let name = MessageSystemAttributeName(rawValue: text) else {
                throw .unknownAttribute(text)
            }
            asked.insert(name)
        }
        names =
            asked.contains(.all)
            ? SystemAttributeSelection.everything
            : SystemAttributeSelection.everything.filter(asked.contains)
    }

    /// The attributes asked for that a message has.
    func attributes(of message: ReceivedMessage, identity: ServiceIdentity) -> [SystemAttribute] {
        names.compactMap { name in
            let value: String? =
                switch name {
                case .approximateFirstReceiveTimestamp: String(message.firstReceivedAt.milliseconds)
                case .approximateReceiveCount: String(message.receiveCount)
                case .awsTraceHeader: message.content.traceHeader
                case .deadLetterQueueSourceArn: message.deadLetterSource.map { identity.arn(of: $0).text }
                case .messageDeduplicationId: message.content.messageDeduplicationId
                case .messageGroupId: message.content.messageGroupId
                case .senderId: message.content.senderId
                case .sentTimestamp: String(message.sentAt.milliseconds)
                case .sequenceNumber: message.sequenceNumber?.text
                case .all: nil
                }
            return value.map { SystemAttribute(name: name, value: $0) }
        }
    }
}
