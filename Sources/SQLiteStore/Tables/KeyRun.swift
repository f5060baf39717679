/// Messages of one queue whose keys follow each other, so that one statement can do something to all of them.
struct KeyRun: Equatable {
    let first: MessageKey
    private(set) var count: Int

    init(first: MessageKey, count: Int = 1) {
        precondition(count > 0, "a run of \(count) messages")
        self.first = first
        self.count = count
    }

    /// The messages from one on to another; nothing if that comes before it.
    private init?(_ first: Int64, through last: Int64) {
        guard first <= last else { return nil }
        self.init(first: MessageKey(rawValue: first), count: Int(last - first + 1))
    }

    /// The last of them.
    var last: MessageKey { MessageKey(rawValue: first.rawValue + Int64(count - 1)) }

    /// The keys of the messages.
    var keys: some Sequence<MessageKey> { (first.rawValue...last.rawValue).lazy.map(MessageKey.init(rawValue:)) }

    /// What another run that has some of these messages makes of them: those before, in, and behind it.
    func parts(by other: KeyRun) -> (before: KeyRun?, common: KeyRun, after: KeyRun?) {
        let start = max(first.rawValue, other.first.rawValue)
        let end = min(last.rawValue, other.last.rawValue)
        guard let common = KeyRun(start, through: end) else { preconditionFailure("the runs have nothing in common") }
        return (KeyRun(first.rawValue, through: start - 1), common, KeyRun(end + 1, through: last.rawValue))
    }

    /// The runs that keys are made of, in their order; of ascending keys the fewest there are.
    static func runs(of keys: some Sequence<MessageKey>) -> [KeyRun] {
        var runs: [KeyRun] = []
        for key in keys {
            guard key != runs.last?.last else { continue }
            if let last = runs.last?.last, key.rawValue == last.rawValue + 1 {
                runs[runs.count - 1].count += 1
            } else {
                runs.append(KeyRun(first: key))
            }
        }
        return runs
    }
}
