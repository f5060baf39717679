import QueueModel

extension QueueDatabase {
    func listDeadLetterSourceQueues(
        _ command: ListDeadLetterSourceQueuesCommand
    ) -> Result<Outcome, StoreError> {
        guard records[command.queue] != nil else { return .failure(.queueDoesNotExist) }
        let all = deadLetterSources.names(of: command.queue, among: records)
        let start = command.after.map { after in all.partitioningIndex { after < $0 } } ?? 0
        let page = all[start...].prefix(command.limit)
        let listed = ListedQueues(names: Array(page), hasMore: page.endIndex < all.endIndex)
        return .success(.listedDeadLetterSourceQueues(listed))
    }
}
