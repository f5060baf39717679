import Benchmark

/// Sends to the tail of a queue in which messages stand, receives at its head, and deletes what was received.
struct StandingLoad {
    /// How the requests follow each other.
    enum Form: Hashable {
        /// Sends, then receives, then deletes, of so many messages each, so that each step is measured by itself.
        case steps(batch: Int)

        /// Sends, receives and deletes by connections that don't wait for each other, and that take another queue for
        /// each cycle if there are several.
        case cycles(batch: Int)
    }

    private let standing: StandingQueues
    private let requests: Requests
    private let generator: LoadGenerator

    /// One for all chunks: each goes on with the queues where the last one ended.
    private let cycle: CycleLoad
    private let form: Form
    private let plan: StandingPlan
    private let requestsAtOnce: Int

    /// Connects to the queue's server.
    ///
    /// At once no more is received than groups can be held, for a group that was received from is held until its
    /// message is deleted.
    init(_ standing: StandingQueues, _ form: Form, plan: StandingPlan) throws {
        let groups = standing.shape.groups ?? .max
        self.standing = standing
        self.form = form
        self.plan = plan
        let requestsOfAll =
            switch form {
            case .steps(let batch), .cycles(let batch): standing.requests(batch: batch)
            }
        requests = requestsOfAll[0]
        let connections = min(plan.connections, groups)
        generator = try LoadGenerator(standing.target.endpoint, connections: connections)
        cycle = CycleLoad(queues: requestsOfAll, connections: connections, ledger: standing.ledger)
        requestsAtOnce = min(plan.requestsAtOnce, groups)
    }

    /// Queues that it goes to in cycles, and those that it has gone to.
    var queueCount: Int { standing.queues.count }
    var queuesUsed: Int { cycle.queuesUsed }

    /// Adds what a chunk came to.
    func chunk(into round: inout StandingRound) throws {
        switch form {
        case .steps: try steps(into: &round)
        case .cycles: try cycles(into: &round)
        }
    }

    private func cycles(into round: inout StandingRound) throws {
        let ledger = standing.ledger
        let before = ledger.deleted
        let (result, cpuSeconds) = try standing.target.measure(generator, cycle, seconds: plan.cycleSeconds)
        round.add(nil, result, messages: ledger.deleted - before, cpuSeconds: cpuSeconds)
    }

    private func steps(into round: inout StandingRound) throws {
        let ledger = standing.ledger
        func measure(_ step: StandingStep, _ load: any Load) throws {
            let (result, cpuSeconds) = try standing.target.measure(generator, load)
            round.add(step, result, messages: requestsAtOnce * requests.shape.batch, cpuSeconds: cpuSeconds)
        }
        for _ in 0..<plan.turns {
            let send = SendLoad(
                requests: requests,
                count: requestsAtOnce * requests.shape.batch,
                connections: generator.connectionCount,
                ledger: ledger
            )
            try measure(.send, send)
            let receive = ReceiveLoad(requests: requests, count: requestsAtOnce, ledger: ledger)
            try measure(.receive, receive)
            try measure(
                .delete,
                DeleteLoad(requests: requests, receiptHandles: receive.receiptHandles, ledger: ledger)
            )
        }
    }

    /// Lets loads take turns chunk by chunk, so that a slow minute of the machine falls on all of them.
    ///
    /// Returns for each load its rounds. Of each load a first chunk is thrown away.
    static func rounds(
        of loads: [StandingLoad],
        plan: StandingPlan,
        progress: (_ round: Int) -> Void
    ) throws -> [[StandingRound]] {
        var warmUp = StandingRound()
        for load in loads { try load.chunk(into: &warmUp) }
        var rounds = Array(repeating: [StandingRound](), count: loads.count)
        for round in 1...plan.rounds {
            progress(round)
            for index in loads.indices { rounds[index].append(StandingRound()) }
            for chunk in 0..<plan.chunks {
                // There and back, for what ran before it makes a load cheaper or dearer.
                let turns = chunk.isMultiple(of: 2) ? Array(loads.indices) : loads.indices.reversed()
                for index in turns { try loads[index].chunk(into: &rounds[index][round - 1]) }
            }
        }
        for load in loads { try load.standing.check() }
        return rounds
    }
}
