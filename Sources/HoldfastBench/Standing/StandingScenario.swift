import Benchmark

/// What a full queue costs: the same sends, receives and deletes with few and with many messages standing.
///
/// The bench's own brokers run in two data directories, so that the small one is small in every respect (file, page
/// cache, trees); at a foreign endpoint it is two queues of one server.
struct StandingScenario {
    /// How much to measure.
    let plan: StandingPlan

    /// Told what is being measured.
    let progress: (String) -> Void

    /// Measures at an endpoint: cost only, for its server cannot be started again.
    func run(at target: Target) throws -> StandingOutcome {
        try BenchmarkQueue.with(target: target, name: "bench-standing-small") { smallQueue in
            try BenchmarkQueue.with(target: target, name: "bench-standing-large") { largeQueue in
                let small = StandingQueues(queues: [smallQueue], messages: plan.smallMessages)
                let large = StandingQueues(queues: [largeQueue], messages: plan.largeMessages)
                try fill(small)
                let fillSeconds = try fill(large)
                let costs = try costs(small: small, large: large)
                return StandingOutcome(plan: plan, fillSeconds: fillSeconds, costs: costs)
            }
        }
    }

    /// Measures brokers of its own: cost, memory, and how long they take to start and stop.
    func run(_ broker: BrokerProgram) throws -> StandingOutcome {
        let smallServer = try broker.start(data: "standing-small")
        let small = StandingQueues(
            queues: [try BenchmarkQueue(target: try smallServer.target(), name: "bench-standing")],
            messages: plan.smallMessages
        )
        try fill(small)

        var server = try broker.start(data: "standing-large")
        var large = StandingQueues(
            queues: [try BenchmarkQueue(target: try server.target(), name: "bench-standing")],
            messages: plan.largeMessages
        )
        let fillSeconds = try fill(large)
        var memory = StandingOutcome.Memory()
        memory.filledBytes = try server.usage().residentBytes()

        progress("restarting with \(plan.largeMessages) messages standing")
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
        try large.check()

        let costs = try costs(small: small, large: large)
        memory.loadedBytesMax = try server.usage().residentBytesMax()

        progress("starting after kill -9")
        server.kill()
        server = try broker.start(data: "standing-large")
        times.startAfterKillSeconds = server.secondsToHealthy
        large = try large.reopened(on: try server.target())
        try large.check()
        _ = try server.terminate()
        _ = try smallServer.terminate()
        return StandingOutcome(plan: plan, fillSeconds: fillSeconds, costs: costs, memory: memory, times: times)
    }

    /// Returns the seconds it took.
    @discardableResult
    private func fill(_ standing: StandingQueues) throws -> Double {
        progress("putting in \(standing.messages) messages to stand")
        return try standing.fill(connections: plan.connections)
    }

    private func costs(small: StandingQueues, large: StandingQueues) throws -> [StandingCost] {
        let loads = try [small, large].map { try StandingLoad($0, .steps(batch: 1), plan: plan) }
        let rounds = try StandingLoad.rounds(of: loads, plan: plan) { round in
            progress("\(small.messages) and \(large.messages) standing, round \(round) of \(plan.rounds)")
        }
        return StandingStep.allCases.map { StandingCost($0, small: rounds[0], large: rounds[1]) }
    }
}
