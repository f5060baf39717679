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

    /// What is measured with messages standing.
    var standing = StandingPlan()

    /// The full measurement, some eight minutes.
    static let full = Plan()

    /// A few seconds, to see that all is well; its figures are rough.
    static let quick = Plan(
        rounds: 1,
        seconds: 0.4,
        fifoSeconds: 2,
        warmUpSeconds: 0.1,
        diskWrites: 200,
        standing: StandingPlan(largeMessages: 50_000, rounds: 3, chunks: 2)
    )
}
