import QueueModel

/// Which queues name which queue in their RedrivePolicy, put together when it is asked for after a change.
struct DeadLetterSources {
    private var namesByTarget: [QueueName: [QueueName]]?

    /// To be called when a queue with a RedrivePolicy comes or goes, or a queue has another one.
    mutating func forget() {
        namesByTarget = nil
    }

    /// The sources of a dead-letter queue, ordered by their names.
    mutating func names(of target: QueueName, among records: [QueueName: QueueRecord]) -> [QueueName] {
        if let namesByTarget { return namesByTarget[target] ?? [] }
        var names: [QueueName: [QueueName]] = [:]
        for record in records.values {
            if let policy = record.attributes.redrivePolicy {
                names[policy.deadLetterTarget.queue, default: []].append(record.name)
            }
        }
        names = names.mapValues { $0.sorted() }
        namesByTarget = names
        return names[target] ?? []
    }
}
