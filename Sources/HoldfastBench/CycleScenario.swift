import Benchmark

/// The loads in turn, for every number of connections.
struct CycleScenario {
    /// The servers that are measured.
    struct Servers {
        /// The bare server.
        var hello: Target

        /// The broker.
        var broker: Target

        /// A broker of its own for the FIFO burst, whose deduplication would weigh on the others; nil for the same.
        var fifo: Target?

        /// A broker that does not sync its commits; nil if there is none.
        var unsynced: Target?

        /// The one that a load goes to.
        func target(of kind: CycleKind) -> Target? {
            switch kind {
            case .hello: hello
            case .single, .query, .batch: broker
            case .fifo: fifo ?? broker
            case .unsynced: unsynced
            }
        }
    }

    /// How much to measure.
    let plan: Plan

    /// Whom to measure.
    let servers: Servers

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

        /// The most resident memory of the broker, whose queues are empty after each turn; nil if unknown.
        var residentBytesMax: Int?

        /// The same of the broker with the FIFO burst.
        var fifoResidentBytesMax: Int?

        /// Share of the cores that others used meanwhile; a server without a known process counts among them.
        var otherLoadShare = 0.0

        /// Messages that made the whole cycle, each checked by its number.
        var messages = 0
    }

    /// Measures; throws if an answer was an error or a message was lost, came twice or out of order.
    func run() throws -> Outcome {
        var outcome = Outcome()
        let machineLoad = try MachineLoad()
        let ownBefore = try ownCPUSeconds()
        for connections in plan.connections { try measure(connections, into: &outcome) }
        outcome.otherLoadShare = try machineLoad.otherShare(ownSeconds: try ownCPUSeconds() - ownBefore)
        outcome.residentBytesMax = try servers.broker.usage?.residentBytesMax()
        outcome.fifoResidentBytesMax = try servers.fifo?.usage?.residentBytesMax()
        return outcome
    }

    private func ownCPUSeconds() throws -> Double {
        let targets = [servers.hello, servers.broker, servers.fifo, servers.unsynced]
        return MachineLoad.ownCPUSeconds() + (try targets.compactMap { try $0?.usage?.cpuSeconds() }.reduce(0, +))
    }

    private func measure(_ connections: Int, into outcome: inout Outcome) throws {
        let wanted = connections == plan.fullConnections ? CycleKind.allCases : CycleKind.always
        let turns = try wanted.compactMap { kind in
            try servers.target(of: kind).map { try Turn(kind, target: $0, connections: connections) }
        }
        defer { for turn in turns { turn.remove() } }
        progress("\(connections) connections, warming up")
        for turn in turns { _ = try turn.measure(seconds: plan.warmUpSeconds) }
        var rounds: [[CycleKind: CycleMeasurement]] = []
        for round in 1...plan.rounds {
            if let dataDirectory {
                outcome.disk.append(try DiskYardstick(directory: dataDirectory, writes: plan.diskWrites))
            }
            var measured: [CycleKind: CycleMeasurement] = [:]
            for turn in turns {
                progress("\(connections) connections, round \(round) of \(plan.rounds), \(turn.kind.title)")
                let seconds = turn.kind == .fifo ? plan.fifoSeconds : plan.seconds
                measured[turn.kind] = try turn.measure(seconds: seconds)
            }
            rounds.append(measured)
        }
        for turn in turns {
            outcome.rows.append(CycleRow(kind: turn.kind, connections: connections, rounds: rounds))
            outcome.messages += turn.queue?.ledger.received ?? 0
        }
    }
}

extension CycleScenario {
    /// One load with its connections and its queue.
    private struct Turn {
        let kind: CycleKind
        let target: Target
        let connections: Int
        let generator: LoadGenerator
        /// None for the hello server.
        let queue: BenchmarkQueue?

        init(_ kind: CycleKind, target: Target, connections: Int) throws {
            self.kind = kind
            self.target = target
            self.connections = connections
            generator = try LoadGenerator(target.endpoint, connections: connections)
            queue =
                kind == .hello
                ? nil
                : try BenchmarkQueue(
                    target: target,
                    name: "bench-\(kind.rawValue)-\(connections)",
                    shape: kind.shape,
                    wire: kind.wire,
                    connections: connections
                )
        }

        func measure(seconds: Double) throws -> CycleMeasurement {
            guard let queue else {
                let url = "\(target.endpoint.authority)/000000000000/bench-hello"
                let requests = Requests(endpoint: target.endpoint, queueURL: "http://\(url)", shape: kind.shape)
                let load = HelloLoad(requests: requests)
                let (result, cpuSeconds) = try target.measure(generator, load, seconds: seconds)
                return CycleMeasurement(result: result, cpuSeconds: cpuSeconds, messages: 0)
            }
            let before = queue.ledger.deleted
            let load = CycleLoad(requests: queue.requests(), connections: connections, ledger: queue.ledger)
            let (result, cpuSeconds) = try target.measure(generator, load, seconds: seconds)
            try queue.check(standing: 0)
            return CycleMeasurement(result: result, cpuSeconds: cpuSeconds, messages: queue.ledger.deleted - before)
        }

        /// Nothing is left to do about a queue that can't be removed: its server ends soon.
        func remove() { try? queue?.delete() }
    }
}
