/// All figures of one run; its JSON form has the same names.
struct Report: Encodable {
    /// The disk yardstick: medians of all times it was taken.
    struct Disk: Encodable {
        var directory: String
        var fileSystem: String
        var p50Microseconds: Double
        var p99Microseconds: Double
    }

    /// What was checked on the way; a check that fails ends the run.
    struct Checks: Encodable {
        /// Messages sent, received once and deleted, each told by its number.
        var messagesCycled: Int
    }

    var machine: Machine

    /// What was measured: the broker's binary or the endpoint.
    var server: String

    /// Rounds of the cycles.
    var rounds: Int

    var secondsPerLoad: Double
    var bodyBytes = Requests.bodyBytes

    /// Share of the cores that processes outside the measurement used during the cycles; above a tenth, rates and
    /// latencies say little.
    var otherLoadShare: Double

    /// F; nil at a foreign endpoint.
    var disk: Disk?

    /// H and the cycles.
    var cycles: [CycleRow]

    /// Nil if it was left out.
    var standing: StandingOutcome?

    var checks: Checks
}
