import QueueModel

extension StoreSnapshot {
    /// In a few lines, how another snapshot differs from this one; nothing if it does not.
    func difference(from other: StoreSnapshot) -> String? {
        guard self != other else { return nil }
        var lines: [String] = []
        for name in Set(queues.keys).union(other.queues.keys).sorted() {
            switch (queues[name], other.queues[name]) {
            case (let expected?, let actual?):
                lines += expected.differences(from: actual).map { "\(name.text): \($0)" }
            case (let expected, _):
                lines.append("\(name.text): \(expected == nil ? "should not be there" : "is missing")")
            }
        }
        let shown = lines.prefix(8).joined(separator: "\n  ")
        return "  \(shown)" + (lines.count > 8 ? "\n  and \(lines.count - 8) more" : "")
    }
}

extension StoreSnapshot.Queue {
    fileprivate func differences(from actual: Self) -> [String] {
        var lines: [String] = []
        if description != actual.description {
            lines.append("expected \(description.line)\n    got \(actual.description.line)")
        }
        let here = messages.map(\.messageId)
        let there = actual.messages.map(\.messageId)
        for message in messages where !there.contains(message.messageId) {
            lines.append("is missing \(message.line)")
        }
        for message in actual.messages where !here.contains(message.messageId) {
            lines.append("should not have \(message.line)")
        }
        for (expected, got) in messages.compactMap({ message in
            actual.messages.first { $0.messageId == message.messageId }.map { (message, $0) }
        }) where expected != got {
            lines.append("expected \(expected.line)\n    got \(got.line)")
        }
        if lines.isEmpty, self != actual {
            lines.append("expected the order \(here.map(\.low)), got \(there.map(\.low))")
        }
        return lines
    }
}

extension StoreSnapshot.StoredMessage {
    fileprivate var line: String {
        "message \(messageId.low): sent \(sentAt.milliseconds), available \(availableAt.milliseconds), "
            + "received \(receiveCount) times, first \(firstReceivedAt.text), last \(receivedAt.text), "
            + "from \(deadLetterSource?.text ?? "-"), number \(sequenceNumber?.text ?? "-"), "
            + "group \(content.messageGroupId ?? "-"), deduplication \(content.messageDeduplicationId ?? "-"), "
            + "content \(content.digest.text) of \(content.body.count) bytes"
    }
}

extension QueueDescription {
    fileprivate var line: String {
        let values = attributes.stored.map { "\($0.rawValue)=\($1)" }.sorted()
        let times = "created \(createdAt.milliseconds), changed \(lastModifiedAt.milliseconds)"
        return "\(times), \(values), tags \(tags.sorted)"
    }
}

extension Timestamp? {
    fileprivate var text: String {
        map { "\($0.milliseconds)" } ?? "-"
    }
}
