import Benchmark

/// A queue in which messages stand.
struct StandingQueue {
    /// The queue, with the ledger of all that went through it.
    let queue: BenchmarkQueue

    /// How many messages stand while nothing is under way.
    let messages: Int

    /// The queue after its server was started again.
    func reopened(on target: Target) throws -> StandingQueue {
        StandingQueue(queue: try queue.reopened(on: target), messages: messages)
    }

    /// Puts the messages in by batches of ten, and returns the seconds it took.
    @discardableResult
    func fill(connections: Int) throws -> Double {
        let generator = try LoadGenerator(queue.target.endpoint, connections: connections)
        let load = SendLoad(
            requests: queue.requests(batch: MessageShape.batchMax),
            count: messages,
            connections: connections,
            ledger: queue.ledger
        )
        let result = try generator.run(load)
        try check()
        return result.elapsedSeconds
    }

    /// Throws if not just these messages stand, or one was lost, doubled or out of order.
    func check() throws {
        try queue.check(standing: messages)
    }
}
