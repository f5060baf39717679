import QueueModel

extension QueueDatabase {
    func listQueues(_ command: ListQueuesCommand) -> ListedQueues {
        // The names are ordered by their bytes, so those with a prefix stand together.
        let all = names
        let start = all.partitioningIndex { name in
            if let after = command.after, name <= after { return false }
            return !name.text.utf8.lexicographicallyPrecedes(command.prefix.utf8)
        }
        let page = all[start...].prefix(command.limit).prefix { $0.text.hasPrefix(command.prefix) }
        let end = start + page.count
        let hasMore = end < all.count && all[end].text.hasPrefix(command.prefix)
        return ListedQueues(names: Array(page), hasMore: hasMore)
    }
}

extension [QueueName] {
    /// The first index whose element satisfies a condition that, once true, stays true.
    func partitioningIndex(where isBehind: (QueueName) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }
}
