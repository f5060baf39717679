import Benchmark

/// A queue in which messages stand.
struct StandingQueue {
    /// The queue, with the ledger of all that went through it.
    let queue: BenchmarkQueue

    /// How many messages stand while nothing is under way.
    let messages: Int

    /// Queues between which the messages are shared, besides this one; their own ledgers stay empty.
    var others: [BenchmarkQueue] = []

    /// Requests to each of the queues.
    func requests(batch: Int) -> [Requests] {
        ([queue] + others).map { $0.requests(batch: batch) }
    }

    /// The queue after its server was started again.
    func reopened(on target: Target) throws -> StandingQueue {
        StandingQueue(queue: try queue.reopened(on: target), messages: messages)
    }

    /// Puts the messages in by batches of ten, and returns the seconds it took.
    @discardableResult
    func fill(connections: Int) throws -> Double {
        let generator = try LoadGenerator(queue.target.endpoint, connections: connections)
        var seconds = 0.0
        for requests in requests(batch: MessageShape.batchMax) {
            let load = SendLoad(
                requests: requests,
                count: messages / (others.count + 1),
                connections: connections,
                ledger: queue.ledger
            )
            seconds += try generator.run(load).elapsedSeconds
        }
        try check()
        return seconds
    }

    /// Throws if not just these messages stand, or one was lost, doubled or out of order.
    func check() throws {
        try queue.check(standing: messages, own: messages / (others.count + 1))
    }
}
