/// One measurement: a queue is made, loaded with whole lives of messages, drained and removed.
package struct QueueMeasurement: Sendable {
    /// The protocol that is spoken.
    package var wire: WireProtocol

    /// What the messages look like.
    package var shape: MessageShape

    /// Connections that send, receive and delete.
    package var connections: Int

    /// Seconds that are measured.
    package var seconds: Double

    /// Seconds of the same load before, which are thrown away.
    package var warmUpSeconds: Double

    /// Puts a measurement together.
    package init(
        wire: WireProtocol,
        shape: MessageShape,
        connections: Int,
        seconds: Double,
        warmUpSeconds: Double
    ) {
        self.wire = wire
        self.shape = shape
        self.connections = connections
        self.seconds = seconds
        self.warmUpSeconds = warmUpSeconds
    }

    /// In a few words, such as `standard, batches of 10, 200 bytes, json`.
    package var title: String {
        let queue = shape.groups.map { "FIFO with \($0) groups" } ?? "standard"
        let batch = shape.batch == 1 ? "single" : "batches of \(shape.batch)"
        return "\(queue), \(batch), \(shape.bodyBytes) bytes, \(wire.rawValue)"
    }

    /// Measures; `name` is the start of the queue's name.
    ///
    /// Once `stop` is raised it comes to its end early: what is under way is finished, the queue drained and removed.
    package func run(
        on target: Target,
        name: String,
        stop: StopFlag,
        progress: @escaping (String) -> Void
    ) throws -> QueueMeasurementOutcome {
        try BenchmarkQueue.with(
            target: target,
            name: name,
            shape: shape,
            wire: wire,
            connections: connections
        ) { queue in
            let generator = try LoadGenerator(target.endpoint, connections: connections)
            let requests = queue.requests()
            func load() -> CycleLoad { CycleLoad(requests: requests, connections: connections, ledger: queue.ledger) }
            if warmUpSeconds > 0 {
                progress("\(title): warming up")
                _ = try generator.run(load(), seconds: warmUpSeconds, stop: stop)
            }
            let before = queue.ledger.deleted
            var told = (seconds: 0, requests: 0)
            let (result, cpuSeconds) = try target.measure(generator, load(), seconds: seconds, stop: stop) { requests in
                told.seconds += 1
                progress("\(title): \(told.seconds) of \(Int(seconds)) s, \(requests - told.requests) requests/s")
                told.requests = requests
            }
            let messages = queue.ledger.deleted - before
            if queue.ledger.missing > 0 { progress("\(title): \(queue.ledger.missing) missing, draining") }
            let drain = try LoadGenerator(target.endpoint, connections: 1)
            _ = try drain.run(
                DrainLoad(requests: queue.requests(batch: MessageShape.batchMax), connections: 1, ledger: queue.ledger)
            )
            return QueueMeasurementOutcome(
                self,
                result: result,
                messages: messages,
                cpuSeconds: cpuSeconds,
                ledger: queue.ledger,
                isInterrupted: stop.isRaised
            )
        }
    }
}
