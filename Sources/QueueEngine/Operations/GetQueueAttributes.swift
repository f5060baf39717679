import QueueModel

extension QueueEngine {
    /// Tells the attributes that are asked for.
    func getQueueAttributes(_ request: GetQueueAttributesRequest, _ reply: Reply) throws(SQSError) {
        let queue = try queue(request.queueUrl)
        var asked: Set<QueueAttributeName> = []
        for text in request.attributeNames {
            asked.insert(try QueueAttributeName(named: text))
        }
        if asked.contains(.all) { asked = Set(QueueAttributeName.allCases) }
        let command = DescribeQueueCommand(
            queue: queue,
            includesCounts: asked.contains(where: \.isCount)
        )
        submit(.describeQueue(command), reply) { [asked, identity] outcome in
            guard case .describedQueue(let description) = outcome else { outcome.isNoOutcome(of: "DescribeQueue") }
            let names = asked.sorted { $0.rawValue < $1.rawValue }
            return .getQueueAttributes(
                GetQueueAttributesResult(
                    attributes: names.compactMap { name in
                        description.value(of: name, arn: identity.arn(of: queue)).map { (name.rawValue, $0) }
                    }
                )
            )
        }
    }
}

extension QueueAttributeName {
    fileprivate var isCount: Bool {
        switch self {
        case .approximateNumberOfMessages, .approximateNumberOfMessagesDelayed,
            .approximateNumberOfMessagesNotVisible:
            true
        default:
            false
        }
    }
}

extension QueueDescription {
    /// An attribute as the answer shows it; nothing if the queue does not have it.
    fileprivate func value(of name: QueueAttributeName, arn: QueueARN) -> String? {
        switch name {
        case .approximateNumberOfMessages: counts.map { String($0.visible) }
        case .approximateNumberOfMessagesDelayed: counts.map { String($0.delayed) }
        case .approximateNumberOfMessagesNotVisible: counts.map { String($0.inFlight) }
        case .createdTimestamp: String(createdAt.seconds)
        case .lastModifiedTimestamp: String(lastModifiedAt.seconds)
        case .queueArn: arn.text
        default: attributes[name]
        }
    }
}
