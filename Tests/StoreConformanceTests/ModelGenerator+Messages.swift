import QueueModel

extension ModelGenerator {
    mutating func sendMessages() -> Command {
        let count = random.isTrue(percent: 50) ? 1 : random.number(in: 2...10)
        let queue = queue()
        let messages = (0..<count).map { _ in newMessage(for: queue) }
        return .sendMessages(SendMessagesCommand(queue: queue, messages: messages))
    }

    mutating func receiveMessages() -> Command {
        let queue = queue()
        return .receiveMessages(
            ReceiveMessagesCommand(
                queue: queue,
                maxNumberOfMessages: random.one(of: [1, 2, 3, 10]),
                visibilityTimeoutSeconds: random.isTrue(percent: 70) ? visibilityTimeout(longPercent: 6) : nil,
                attemptId: queue.isFifo && random.isTrue(percent: 60) ? random.one(of: ["x", "y"]) : nil,
                reportsNextAvailability: random.isTrue(percent: 70)
            )
        )
    }

    mutating func deleteMessages() -> Command {
        let queue = queue()
        return .deleteMessages(DeleteMessagesCommand(queue: queue, receipts: someReceipts(for: queue)))
    }

    mutating func changeMessageVisibility() -> Command {
        let queue = queue()
        let receipts = someReceipts(for: queue)
        return .changeMessageVisibility(
            ChangeMessageVisibilityCommand(
                queue: queue,
                entries: receipts.map {
                    ChangeMessageVisibilityCommand.Entry(
                        receipt: $0,
                        visibilityTimeoutSeconds: visibilityTimeout(longPercent: 25)
                    )
                },
                onlyLastReceive: random.isTrue(percent: 25)
            )
        )
    }

    private mutating func newMessage(for queue: QueueName) -> NewMessage {
        var message = newMessage()
        if queue.isFifo {
            message.content.messageGroupId = random.one(of: ["g1", "g1", "g2", "g3", "g4"])
            message.delaySeconds = nil
            switch random.number(in: 1...100) {
            case ...65: message.content.messageDeduplicationId = "\(lastMessageNumber)"
            case ...85: message.content.messageDeduplicationId = random.one(of: ["i", "j", "k", "l"])
            default: message.contentDeduplicationId = random.one(of: ["i", "m", "\(lastMessageNumber)"])
            }
        } else if kinds.contains(.fifo), random.isTrue(percent: 20) {
            message.content.messageGroupId = random.one(of: ["g1", "g2"])
        }
        return message
    }

    private mutating func newMessage() -> NewMessage {
        lastMessageNumber += 1
        var body = Array("message \(lastMessageNumber)".utf8)
        if random.isTrue(percent: 3) {
            // Around the smallest MaximumMessageSize.
            body += Array(repeating: 120, count: random.number(in: 1_020...1_028) - body.count)
        }
        var attributes = EncodedMessageAttributes.none
        if random.isTrue(percent: 10) {
            let value = MessageAttribute.Value.string("\(random.number(in: 0...9))")
            attributes = EncodedMessageAttributes([MessageAttribute(name: "n", dataType: "Number", value: value)])
        }
        return NewMessage(
            messageId: MessageID(high: lastMessageNumber << 1 | 1 << 63, low: lastMessageNumber),
            content: MessageContent(
                body: body,
                attributes: attributes,
                traceHeader: random.isTrue(percent: 10) ? "Root=\(lastMessageNumber)" : nil,
                senderId: random.one(of: ["000000000000", "AIDAEXAMPLE"])
            ),
            delaySeconds: random.isTrue(percent: 30) ? random.one(of: [0, 0, 1, 2, 5, 900]) : nil
        )
    }

    /// Mostly a short one; a long one lies just below the twelve hours that it may be in all.
    private mutating func visibilityTimeout(longPercent: Int) -> Int {
        random.isTrue(percent: longPercent)
            ? random.number(in: 43_185...43_200) : random.one(of: [0, 0, 1, 2, 3, 5, 30])
    }

    /// Receipts that are mostly of the queue and mostly young, now and then one of another queue.
    private mutating func someReceipts(for queue: QueueName) -> [Receipt] {
        let own = receipts.filter { $0.queue == queue }.map(\.receipt)
        let count = random.isTrue(percent: 60) ? 1 : random.number(in: 2...10)
        var chosen: [Receipt] = []
        for _ in 0..<count {
            switch random.number(in: 1...100) {
            case ...60 where !own.isEmpty: chosen.append(random.one(of: own.suffix(8)))
            case ...90 where !own.isEmpty: chosen.append(random.one(of: own))
            case _ where !receipts.isEmpty: chosen.append(random.one(of: receipts).receipt)
            default: break
            }
        }
        return chosen
    }
}
