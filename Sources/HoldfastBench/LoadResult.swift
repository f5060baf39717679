/// Latencies of one operation in one run, in microseconds.
struct LatencySummary: Sendable, Encodable {
    /// Answers counted.
    var count: Int

    /// The median.
    var p50Microseconds: Double

    /// What 99 of 100 stay under.
    var p99Microseconds: Double

    /// What 999 of 1,000 stay under.
    var p999Microseconds: Double
}

/// What one run of a load came to.
struct LoadResult: Sendable {
    /// From the first request to the last answer.
    var elapsedSeconds: Double

    /// Requests answered.
    var requests: Int

    /// CPU time of the generator.
    var generatorCPUSeconds: Double

    /// By operation; only those that occurred.
    var latencies: [Operation: LatencySummary]
}
