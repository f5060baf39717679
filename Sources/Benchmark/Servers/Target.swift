internal import Glibc

/// The server under measurement: where it listens, and its process if it runs on this machine.
package struct Target: Sendable {
    /// Where it listens.
    package var endpoint: Endpoint

    /// Its CPU and memory; nil if its process is unknown.
    package var usage: ProcessUsage?

    /// Puts a target together.
    package init(endpoint: Endpoint, usage: ProcessUsage? = nil) {
        self.endpoint = endpoint
        self.usage = usage
    }

    /// Runs a load and returns, besides the result, the CPU seconds the server used for it.
    ///
    /// Those include what the server does behind the last answer, such as a checkpoint.
    package func measure(
        _ generator: LoadGenerator,
        _ load: any Load,
        seconds: Double? = nil,
        stop: StopFlag? = nil,
        progress: ((Int) -> Void)? = nil
    ) throws -> (LoadResult, Double?) {
        let before = try usage?.cpuSeconds()
        let result = try generator.run(load, seconds: seconds, stop: stop, progress: progress)
        guard let before, let after = try settledCPUSeconds() else { return (result, nil) }
        return (result, after - before)
    }

    /// The CPU time once the server rests, or after a while if it never does.
    private func settledCPUSeconds() throws -> Double? {
        _ = try rests(withinSeconds: Self.settlingSecondsMax)
        return try usage?.cpuSeconds()
    }

    /// Waits until the server rests, but no longer than some seconds.
    ///
    /// - Returns: whether it does; nothing if its process is unknown.
    package func rests(withinSeconds seconds: Double) throws -> Bool? {
        guard let usage else { return nil }
        let startedAt = MachineTime.nanoseconds
        var last = try usage.cpuSeconds()
        while MachineTime.seconds(since: startedAt) < seconds {
            usleep(Self.restMicroseconds)
            let now = try usage.cpuSeconds()
            if now - last < Self.idleSeconds { return true }
            last = now
        }
        return false
    }

    // Longer than one sync of the disk, during which a checkpoint uses no CPU.
    private static let restMicroseconds: UInt32 = 5_000
    private static let settlingSecondsMax = 0.2
    private static let idleSeconds = 0.000_05
}
