import QueueModel
import SQLite

extension GroupIndex {
    /// Compares what is listed, and what is known of the ends of groups, with the messages that there are.
    ///
    /// - Parameter stored: the messages of each group, by queue number, in their order.
    /// - Throws: if they contradict each other.
    func check(_ stored: [Int64: [GroupHash: [MessageKey]]]) throws(SQLiteError) {
        for (number, groups) in stored {
            for (hash, keys) in groups {
                var listed: [MessageKey] = []
                try walkListed(hash, number: number) { key in
                    listed.append(key)
                    return true
                }
                guard listed == keys else {
                    throw .corrupt("a group lists \(listed.map(\.rawValue)) and has \(keys.map(\.rawValue))")
                }
            }
        }
        try cache.walk { hash, ends throws(SQLiteError) in
            // What is known of a queue that is gone is asked for no more.
            guard isLive(ends.last.number) else { return }
            let keys = stored[ends.last.number]?[hash] ?? []
            guard ends.isTrue(of: keys) else {
                throw .corrupt("a group of \(keys.map(\.rawValue)) is taken for \(ends)")
            }
        }
    }
}

extension GroupEnds {
    /// Whether what is known does not contradict the messages of the group.
    fileprivate func isTrue(of keys: [MessageKey]) -> Bool {
        guard let first = keys.first else { return isEmpty && self.first == nil && !mayHaveOthers }
        guard last == keys.last, self.first == nil || self.first == first else { return false }
        return mayHaveOthers || self.first != nil && keys.count <= 2
    }
}
