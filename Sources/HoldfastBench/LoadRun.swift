import Histogram
import NIOCore

/// One run of a load over a generator's connections; lives on the event loop.
final class LoadRun {
    /// What the connections do.
    let load: any Load

    /// Whether the time is over or something went wrong.
    var isStopping: Bool { failure != nil || (deadline.map { NIODeadline.now() >= $0 } ?? false) }

    /// Requests answered.
    private(set) var requests = 0

    private let deadline: NIODeadline?
    private let startedAt: NIODeadline
    private let startedCPUSeconds = MachineLoad.ownCPUSeconds()
    private let promise: EventLoopPromise<LoadResult>
    private var busyConnections: Int
    // By the operation's number: a dictionary would cost the generator a hash per answer.
    private var histograms: [Histogram<UInt32>]
    private var failure: BenchError?

    /// A run that fulfils `promise` when every connection is done.
    init(load: any Load, connections: Int, seconds: Double?, promise: EventLoopPromise<LoadResult>) {
        self.load = load
        self.busyConnections = connections
        self.promise = promise
        // The largest value tracked is a minute; the watchdog ends the run long before.
        let empty = Histogram<UInt32>(highestTrackableValue: 60_000_000_000)
        self.histograms = Array(repeating: empty, count: Operation.allCases.count)
        let now = NIODeadline.now()
        self.startedAt = now
        self.deadline = seconds.map { now + .nanoseconds(Int64($0 * 1e9)) }
    }

    /// Notes an answer.
    func record(_ operation: Operation, nanoseconds: Int64) {
        requests += 1
        histograms[operation.rawValue].record(UInt64(max(nanoseconds, 1)))
    }

    /// A connection has nothing more to do.
    func connectionIsDone() {
        busyConnections -= 1
        guard busyConnections == 0, failure == nil else { return }
        let elapsed = NIODeadline.now() - startedAt
        let latencies = Operation.allCases.compactMap { operation in
            let histogram = histograms[operation.rawValue]
            return histogram.totalCount > 0 ? (operation, Self.summary(histogram)) : nil
        }
        promise.succeed(
            LoadResult(
                elapsedSeconds: Double(elapsed.nanoseconds) / 1e9,
                requests: requests,
                generatorCPUSeconds: MachineLoad.ownCPUSeconds() - startedCPUSeconds,
                latencies: Dictionary(uniqueKeysWithValues: latencies)
            )
        )
    }

    /// Ends the run at its first error; the caller closes the generator.
    func fail(_ error: BenchError) {
        guard failure == nil, busyConnections > 0 else { return }
        failure = error
        promise.fail(error)
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
