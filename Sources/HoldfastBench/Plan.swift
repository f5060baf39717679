import Benchmark

/// How much is measured.
struct Plan: Sendable {
    /// Numbers of connections, each measured with every load.
    var connections = [1, 16, 64]

    /// Rounds in which hello, single and batch take turns; figures are medians over them.
    var rounds = 3

    /// Seconds of one load in one round.
    var seconds = 3.0

    /// Seconds of the FIFO burst in one round.
    var fifoSeconds = 60.0

    /// The number of connections at which all loads are measured.
    var fullConnections = 64

    /// Seconds of load that are thrown away before the rounds, for each number of connections.
    var warmUpSeconds = 0.5

    /// Overwrites and syncs of the disk yardstick, each time it is taken.
    var diskWrites = 1_000

    /// Messages that stand in the large queue.
    var standing = 1_000_000

    /// Messages that stand in the small queue.
    var standingSmall = 1_000

    /// Rounds of the standing scenario.
    var standingRounds = 5

    /// Chunks of sends, receives and deletes in one round of the standing scenario.
    var standingChunks = 10

    /// Operations in a chunk, spread over all connections.
    ///
    /// Small beside the queue, so that a queue of 1,000 stays one of about 1,000; the CPU clock counts nanoseconds.
    var standingChunkOperations = 1_000

    /// Connections of the standing scenario.
    var standingConnections = 64

    /// The full measurement, some eight minutes.
    static let full = Plan()

    /// A few seconds, to see that all is well; its figures are rough.
    static let quick = Plan(
        rounds: 1,
        seconds: 0.4,
        fifoSeconds: 2,
        warmUpSeconds: 0.1,
        diskWrites: 200,
        standing: 50_000,
        standingRounds: 3,
        standingChunks: 2
    )
}
