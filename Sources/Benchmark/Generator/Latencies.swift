internal import Histogram

/// The latencies of one run, by operation.
struct Latencies {
    /// The most that is told apart: a minute; a run without answers is ended long before.
    private static let nanosecondsMax: UInt64 = 60_000_000_000

    // By the operation's number: a dictionary would cost the generator a hash per answer.
    private var histograms = Array(
        repeating: Histogram<UInt32>(highestTrackableValue: nanosecondsMax),
        count: Operation.allCases.count
    )

    /// Notes an answer.
    mutating func record(_ operation: Operation, nanoseconds: UInt64) {
        histograms[operation.rawValue].record(min(max(nanoseconds, 1), Self.nanosecondsMax))
    }

    /// The percentiles of each operation that occurred.
    func summaries() -> [Operation: LatencySummary] {
        let pairs = Operation.allCases.compactMap { operation in
            let histogram = histograms[operation.rawValue]
            return histogram.totalCount > 0 ? (operation, Self.summary(histogram)) : nil
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    private static func summary(_ histogram: Histogram<UInt32>) -> LatencySummary {
        LatencySummary(
            count: Int(histogram.totalCount),
            p50Microseconds: Double(histogram.valueAtPercentile(50)) / 1e3,
            p99Microseconds: Double(histogram.valueAtPercentile(99)) / 1e3,
            p999Microseconds: Double(histogram.valueAtPercentile(99.9)) / 1e3
        )
    }
}
