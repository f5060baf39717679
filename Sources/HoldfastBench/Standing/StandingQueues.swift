import Benchmark

/// Queues of one server in which messages stand; mostly it is a single one.
struct StandingQueues {
    /// All of the same shape, with one ledger of all that went through them.
    let queues: [BenchmarkQueue]

    /// How many messages stand in all of them while nothing is under way; in each as many.
    let messages: Int

    /// What went through all of them.
    var ledger: Ledger { queues[0].ledger }

    /// Their server.
    var target: Target { queues[0].target }

    /// What their messages look like.
    var shape: MessageShape { queues[0].shape }

    private var messagesOfEach: Int { messages / queues.count }

    /// Requests to each of the queues.
    func requests(batch: Int) -> [Requests] {
        queues.map { $0.requests(batch: batch) }
    }

    /// The queues after their server was started again.
    func reopened(on target: Target) throws -> StandingQueues {
        StandingQueues(queues: try queues.map { try $0.reopened(on: target) }, messages: messages)
    }

    /// Puts the messages in by batches of ten, and returns the seconds it took.
    @discardableResult
    func fill(connections: Int) throws -> Double {
        let generator = try LoadGenerator(target.endpoint, connections: connections)
        var seconds = 0.0
        for requests in requests(batch: MessageShape.batchMax) {
            let load = SendLoad(requests: requests, count: messagesOfEach, connections: connections, ledger: ledger)
            seconds += try generator.run(load).elapsedSeconds
        }
        try check()
        return seconds
    }

    /// Throws if not just these messages stand in each queue, or one was lost, doubled or out of order.
    func check() throws {
        try ledger.check(standing: messages)
        for queue in queues { try queue.checkCount(messagesOfEach) }
    }
}
