/// How much is measured on queues in which messages stand.
struct StandingPlan: Sendable {
    /// Messages that stand in a large queue.
    var largeMessages = 1_000_000

    /// Messages that stand in a small queue.
    var smallMessages = 1_000

    /// Rounds; figures are medians over them.
    var rounds = 5

    /// Chunks of each load in one round.
    var chunks = 10

    /// Times that a chunk in steps sends, receives and deletes.
    var turns = 1

    /// Requests of each time, spread over all connections.
    ///
    /// Small beside the queue, so that a queue of 1,000 stays one of about 1,000; the CPU clock counts nanoseconds.
    var requestsAtOnce = 1_000

    /// Seconds of a chunk whose steps are not told apart.
    var cycleSeconds = 0.25

    /// Connections that they come on.
    var connections = 64

    /// Messages that a chunk in steps sends, where there are groups enough.
    func messagesPerChunk(batch: Int) -> Int {
        turns * requestsAtOnce * batch
    }
}
