/// What is known of a group of a FIFO queue without a look at its list.
struct GroupEnds {
    /// Its first message, if that is known.
    let first: MessageKey?

    /// Its last message, or a key that no message has where the group has none.
    let last: MessageKey

    /// Whether it may have messages that are neither.
    let mayHaveOthers: Bool

    /// What follows a message.
    enum Next {
        case message(MessageKey)
        case end
        case unknown
    }

    init(first: MessageKey?, last: MessageKey, mayHaveOthers: Bool) {
        self.first = first
        self.last = last
        self.mayHaveOthers = mayHaveOthers
    }

    /// A group of the queue with this number that has no message.
    static func empty(number: Int64) -> GroupEnds {
        GroupEnds(first: nil, last: MessageKey(number: number, sequence: 0), mayHaveOthers: false)
    }

    var isEmpty: Bool { last.sequence == 0 }

    /// What follows a message of the group.
    func next(after key: MessageKey) -> Next {
        if key == last { return .end }
        return key == first && !mayHaveOthers ? .message(last) : .unknown
    }

    /// With a message that came behind all others.
    func appending(_ key: MessageKey) -> GroupEnds {
        guard !isEmpty else { return GroupEnds(first: key, last: key, mayHaveOthers: false) }
        return GroupEnds(first: first, last: key, mayHaveOthers: mayHaveOthers || first != last)
    }

    /// Without one of its messages, or nothing if its last one is not known then.
    func removing(_ key: MessageKey) -> GroupEnds? {
        if key == last {
            if first == last { return .empty(number: key.number) }
            guard let first, !mayHaveOthers else { return nil }
            return GroupEnds(first: first, last: first, mayHaveOthers: false)
        }
        guard key == first else { return self }
        return GroupEnds(first: mayHaveOthers ? nil : last, last: last, mayHaveOthers: mayHaveOthers)
    }

    /// With its first message, which was looked up.
    func finding(first key: MessageKey) -> GroupEnds {
        GroupEnds(first: key, last: last, mayHaveOthers: mayHaveOthers && key != last)
    }
}
