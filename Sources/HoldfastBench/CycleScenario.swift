/// Hello, single and batch cycles in turn, for every number of connections.
struct CycleScenario {
    /// How much to measure.
    let plan: Plan

    /// The bare server.
    let hello: Target

    /// The broker.
    let broker: Target

    /// Where the disk yardstick is taken; nil if the broker's disk is unknown.
    let dataDirectory: String?

    /// Told what is being measured.
    let progress: (String) -> Void

    /// What the scenario came to.
    struct Outcome {
        /// One line per load and number of connections.
        var rows: [CycleRow] = []

        /// The disk yardstick, as often as it was taken.
        var disk: [DiskYardstick] = []

        /// Share of the cores that others used meanwhile; a server without a known process counts among them.
        var otherLoadShare = 0.0

        /// Messages that made the whole cycle, each checked by its number.
        var messages = 0
    }

    /// Measures; throws if an answer was an error or a message was lost or came twice.
    func run() throws -> Outcome {
        var outcome = Outcome()
        let machineLoad = try MachineLoad()
        let ownBefore = try ownCPUSeconds()
        try BenchQueue.with(target: broker, name: "bench-single") { single in
            try BenchQueue.with(target: broker, name: "bench-batch") { batch in
                for connections in plan.connections {
                    try measure(connections, single: single, batch: batch, into: &outcome)
                }
                outcome.messages = single.ledger.received + batch.ledger.received
            }
        }
        outcome.otherLoadShare = try machineLoad.otherShare(ownSeconds: try ownCPUSeconds() - ownBefore)
        return outcome
    }

    private func ownCPUSeconds() throws -> Double {
        let servers = try [hello, broker].compactMap { try $0.usage?.cpuSeconds() }
        return MachineLoad.ownCPUSeconds() + servers.reduce(0, +)
    }

    private func measure(
        _ connections: Int,
        single: BenchQueue,
        batch: BenchQueue,
        into outcome: inout Outcome
    ) throws {
        let helloGenerator = try LoadGenerator(hello.endpoint, connections: connections)
        defer { helloGenerator.close() }
        let brokerGenerator = try LoadGenerator(broker.endpoint, connections: connections)
        defer { brokerGenerator.close() }

        func turn(_ kind: CycleKind, seconds: Double) throws -> CycleMeasurement {
            switch kind {
            case .hello:
                let load = HelloLoad(requests: Requests(endpoint: hello.endpoint, queueURL: single.url))
                let (result, cpuSeconds) = try hello.measure(helloGenerator, load, seconds: seconds)
                return CycleMeasurement(result: result, cpuSeconds: cpuSeconds, messages: 0)
            case .single, .batch:
                let queue = kind == .batch ? batch : single
                let before = queue.ledger.deleted
                let load = CycleLoad(
                    requests: queue.requests,
                    batch: kind == .batch,
                    connections: connections,
                    ledger: queue.ledger
                )
                let (result, cpuSeconds) = try broker.measure(brokerGenerator, load, seconds: seconds)
                try queue.check(standing: 0)
                let messages = queue.ledger.deleted - before
                return CycleMeasurement(result: result, cpuSeconds: cpuSeconds, messages: messages)
            }
        }

        progress("\(connections) connections, warming up")
        for kind in CycleKind.allCases { _ = try turn(kind, seconds: plan.warmUpSeconds) }
        var rounds: [[CycleKind: CycleMeasurement]] = []
        for round in 1...plan.rounds {
            progress("\(connections) connections, round \(round) of \(plan.rounds)")
            if let dataDirectory {
                outcome.disk.append(try DiskYardstick(directory: dataDirectory, writes: plan.diskWrites))
            }
            var measured: [CycleKind: CycleMeasurement] = [:]
            for kind in CycleKind.allCases { measured[kind] = try turn(kind, seconds: plan.seconds) }
            rounds.append(measured)
        }
        for kind in CycleKind.allCases {
            outcome.rows.append(CycleRow(kind: kind, connections: connections, rounds: rounds))
        }
    }
}
