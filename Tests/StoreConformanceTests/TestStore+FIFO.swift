import QueueModel

extension QueueName {
    static let fifo = named("orders.fifo")
    static let fifoLetters = named("letters.fifo")
}

extension TestStore {
    /// A message of a group; its deduplication id is its text, unless another one is given.
    func newMessage(_ text: String, group: String, deduplicationId: String? = nil) -> NewMessage {
        var content = MessageContent(text)
        content.messageGroupId = group
        content.messageDeduplicationId = deduplicationId ?? text
        return newMessage(content)
    }

    /// Sends texts such as `g1-1`, whose group is what stands before the hyphen.
    @discardableResult
    func sendToGroups(_ texts: [String], to queue: QueueName = .fifo) throws -> [SentMessage] {
        let messages = texts.map { newMessage($0, group: String($0.prefix { $0 != "-" })) }
        return try send(messages, to: queue).map { try $0.get() }
    }

    func receive(
        _ queue: QueueName = .fifo,
        attempt attemptId: String,
        max: Int = 10,
        timeout: Int? = nil
    ) throws -> [ReceivedMessage] {
        try receiveOutcome(queue, attempt: attemptId, max: max, timeout: timeout, reportsNext: false).messages
    }
}
