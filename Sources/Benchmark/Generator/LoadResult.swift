/// Latencies of one operation in one run, in microseconds.
package struct LatencySummary: Sendable, Encodable {
    /// Answers counted.
    package var count: Int

    /// The median.
    package var p50Microseconds: Double

    /// What 99 of 100 stay under.
    package var p99Microseconds: Double

    /// What 999 of 1,000 stay under.
    package var p999Microseconds: Double
}

extension LatencySummary {
    /// The medians of several runs' percentiles; their counts added.
    package init(medianOf summaries: [LatencySummary]) {
        self.init(
            count: summaries.map(\.count).reduce(0, +),
            p50Microseconds: Median.of(summaries.map(\.p50Microseconds)),
            p99Microseconds: Median.of(summaries.map(\.p99Microseconds)),
            p999Microseconds: Median.of(summaries.map(\.p999Microseconds))
        )
    }
}

/// What one run of a load came to.
package struct LoadResult: Sendable {
    /// From the first request to the last answer.
    package var elapsedSeconds: Double

    /// Requests answered.
    package var requests: Int

    /// CPU time of the generator.
    package var generatorCPUSeconds: Double

    /// By operation; only those that occurred.
    package var latencies: [Operation: LatencySummary]

    /// Requests answered in a second.
    package var requestsPerSecond: Double { Double(requests) / elapsedSeconds }
}
