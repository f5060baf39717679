/// Messages of one queue whose keys follow each other, so that one statement can do something to all of them.
struct KeyRun: Equatable {
    let first: MessageKey
    private(set) var count = 1

    /// The last of them.
    var last: MessageKey { MessageKey(rawValue: first.rawValue + Int64(count - 1)) }

    /// The keys of the messages.
    var keys: some Sequence<MessageKey> { (first.rawValue...last.rawValue).lazy.map(MessageKey.init(rawValue:)) }

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
