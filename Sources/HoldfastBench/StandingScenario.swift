import Benchmark

/// What a full queue costs: the same sends, receives and deletes with few and with many messages standing.
///
/// The bench's own brokers run in two data directories, so that the small one is small in every respect (file, page
/// cache, trees); at a foreign endpoint it is two queues of one server.
struct StandingScenario {
    /// How much to measure.
    let plan: Plan

    /// Told what is being measured.
    let progress: (String) -> Void

    /// Measures at an endpoint: cost only, for its server cannot be started again.
    func run(at target: Target) throws -> StandingOutcome {
        try BenchmarkQueue.with(target: target, name: "bench-standing-small") { small in
            try BenchmarkQueue.with(target: target, name: "bench-standing-large") { large in
                try fill(small, plan.standingSmall)
                let fillSeconds = try fill(large, plan.standing)
                let costs = try costs(small: small, large: large)
                return StandingOutcome(plan: plan, fillSeconds: fillSeconds, costs: costs)
            }
        }
    }

    /// Measures brokers of its own: cost, memory, and how long they take to start and stop.
    func run(_ broker: BrokerProgram) throws -> StandingOutcome {
        let smallServer = try broker.start(data: "standing-small")
        let small = try BenchmarkQueue(target: try smallServer.target(), name: "bench-standing")
        try fill(small, plan.standingSmall)

        var server = try broker.start(data: "standing-large")
        var large = try BenchmarkQueue(target: try server.target(), name: "bench-standing")
        let fillSeconds = try fill(large, plan.standing)
        var memory = StandingOutcome.Memory()
        memory.filledBytes = try server.usage().residentBytes()

        progress("restarting with \(plan.standing) messages standing")
        var times = StandingOutcome.Times()
        times.stopSeconds = try server.terminate()
        server = try broker.start(data: "standing-large")
        times.startSeconds = server.secondsToHealthy
        _ = try server.terminate()
        try FileCache.drop(directory: broker.dataDirectory("standing-large"))
        server = try broker.start(data: "standing-large")
        times.startColdSeconds = server.secondsToHealthy
        memory.startedBytes = try server.usage().residentBytes()
        large = try large.reopened(on: try server.target())
        try large.check(standing: plan.standing)

        let costs = try costs(small: small, large: large)
        memory.loadedBytesMax = try server.usage().residentBytesMax()

        progress("starting after kill -9")
        server.kill()
        server = try broker.start(data: "standing-large")
        times.startAfterKillSeconds = server.secondsToHealthy
        large = try large.reopened(on: try server.target())
        try large.check(standing: plan.standing)
        _ = try server.terminate()
        _ = try smallServer.terminate()
        return StandingOutcome(plan: plan, fillSeconds: fillSeconds, costs: costs, memory: memory, times: times)
    }

    /// Returns the seconds it took.
    @discardableResult
    private func fill(_ queue: BenchmarkQueue, _ count: Int) throws -> Double {
        progress("putting in \(count) messages to stand")
        let generator = try LoadGenerator(queue.target.endpoint, connections: plan.standingConnections)
        let load = SendLoad(
            requests: queue.requests(batch: MessageShape.batchMax),
            count: count,
            connections: plan.standingConnections,
            ledger: queue.ledger
        )
        let result = try generator.run(load)
        try queue.check(standing: count)
        return result.elapsedSeconds
    }

    private func costs(small: BenchmarkQueue, large: BenchmarkQueue) throws -> [StandingCost] {
        let smallGenerator = try LoadGenerator(small.target.endpoint, connections: plan.standingConnections)
        let largeGenerator = try LoadGenerator(large.target.endpoint, connections: plan.standingConnections)
        _ = try chunk(small, smallGenerator)
        _ = try chunk(large, largeGenerator)

        var rounds: [(small: [StandingSample], large: [StandingSample])] = []
        for round in 1...plan.standingRounds {
            progress("\(plan.standingSmall) and \(plan.standing) standing, round \(round) of \(plan.standingRounds)")
            var smallSamples: [StandingSample] = []
            var largeSamples: [StandingSample] = []
            for _ in 0..<plan.standingChunks {
                smallSamples += try chunk(small, smallGenerator)
                largeSamples += try chunk(large, largeGenerator)
            }
            rounds.append((smallSamples, largeSamples))
        }
        try small.check(standing: plan.standingSmall)
        try large.check(standing: plan.standing)
        return [Operation.sendMessage, .receiveMessage, .deleteMessage].map { StandingCost($0, rounds: rounds) }
    }

    /// Sends to the tail, receives at the head, deletes what was received: each measured by itself.
    private func chunk(_ queue: BenchmarkQueue, _ generator: LoadGenerator) throws -> [StandingSample] {
        let count = plan.standingChunkOperations
        let requests = queue.requests()
        let connections = plan.standingConnections
        let send = SendLoad(requests: requests, count: count, connections: connections, ledger: queue.ledger)
        let sent = try queue.target.measure(generator, send)
        let receive = ReceiveLoad(requests: requests, count: count, ledger: queue.ledger)
        let received = try queue.target.measure(generator, receive)
        let delete = DeleteLoad(
            requests: requests,
            receiptHandles: receive.receiptHandles,
            ledger: queue.ledger
        )
        let deleted = try queue.target.measure(generator, delete)
        return [
            StandingSample(operation: .sendMessage, result: sent.0, cpuSeconds: sent.1),
            StandingSample(operation: .receiveMessage, result: received.0, cpuSeconds: received.1),
            StandingSample(operation: .deleteMessage, result: deleted.0, cpuSeconds: deleted.1),
        ]
    }
}
