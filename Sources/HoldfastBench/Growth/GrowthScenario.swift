import Benchmark
import Glibc
import QueueModel

/// What growth costs: the same sends, receives and deletes with little and much of something, in turns.
///
/// Each case has a broker and a data directory of its own, so that a small one is small in every respect.
struct GrowthScenario {
    /// As many as the small cases hold; fewer would not fill the batches of 64 groups.
    static let messagesMin = 1_000

    /// What grows.
    let growth: Growth

    /// How much to measure.
    let plan: StandingPlan

    /// Told what is being measured.
    let progress: (String) -> Void

    /// One case with its broker.
    private struct Subject {
        let own: GrowthCase
        let server: ServerProcess
        let standing: StandingQueues
    }

    /// Measures; throws if an answer was an error, or a message was lost, came twice or out of order.
    func run(_ broker: BrokerProgram) throws -> GrowthReport {
        let subjects = try growth.cases.enumerated().map { index, own in
            try subject(own, try broker.start(data: "growth-\(index)"))
        }
        if growth.restSeconds > 0 {
            progress("resting \(growth.restSeconds) s, until the deduplication ids are forgotten")
            sleep(UInt32(growth.restSeconds))
        }
        for subject in subjects {
            if let consumed = subject.own.consumed { try consume(consumed, subject.standing) }
        }
        let loads = try subjects.flatMap { subject in
            try growth.forms.map { try StandingLoad(subject.standing, $0.form, plan: plan) }
        }
        let machineLoad = try MachineLoad()
        let ownBefore = try ownCPUSeconds(subjects)
        let rounds = try StandingLoad.rounds(of: loads, plan: plan) { progress("round \($0) of \(plan.rounds)") }
        var report = GrowthReport(growth, machine: try Machine(), plan: plan)
        report.otherLoadShare = try machineLoad.otherShare(ownSeconds: try ownCPUSeconds(subjects) - ownBefore)
        report.messagesCycled = subjects.map(\.standing.ledger.deleted).reduce(0, +)
        report.queuesUsed = loads.filter { $0.queueCount > 1 }.map(\.queuesUsed).min()
        for (offset, form) in growth.forms.enumerated() {
            var measured: [GrowthCase: [StandingRound]] = [:]
            for (index, subject) in subjects.enumerated() {
                measured[subject.own] = rounds[index * growth.forms.count + offset]
            }
            report.take(measured, growth, form: form.title)
        }
        for subject in subjects { try subject.server.terminate() }
        return report
    }

    private func subject(_ own: GrowthCase, _ server: ServerProcess) throws -> Subject {
        progress("filling: \(own.title)")
        let target = try server.target()
        let shape = MessageShape(groups: own.groups)
        let ledger = Ledger(shape, connections: plan.connections)
        let queues = try (0..<own.queues).map {
            try BenchmarkQueue(target: target, name: "bench-growth-\($0)", shape: shape, ledger: ledger)
        }
        // Neighbours would share pages.
        var random = SplitMix64(seed: 1)
        let busy = own.areAllBusy ? queues.shuffled(using: &random) : [queues[0]]
        let standing = StandingQueues(queues: busy, messages: own.standing)
        try standing.fill(connections: plan.connections)
        return Subject(own: own, server: server, standing: standing)
    }

    /// Sends, receives and deletes messages, evenly over their time.
    private func consume(_ consumed: GrowthCase.Consumed, _ standing: StandingQueues) throws {
        progress("sending \(consumed.messages) messages in \(consumed.seconds) s")
        let load = try StandingLoad(standing, .steps(batch: MessageShape.batchMax), plan: plan)
        let (sentBefore, startedAt) = (standing.ledger.sent, MachineTime.nanoseconds)
        var ignored = StandingRound()
        while case let sent = standing.ledger.sent - sentBefore, sent < consumed.messages {
            let dueSeconds = Double(consumed.seconds) * Double(sent) / Double(consumed.messages)
            let earlySeconds = dueSeconds - MachineTime.seconds(since: startedAt)
            if earlySeconds > 0 { usleep(UInt32(earlySeconds * 1e6)) }
            try load.chunk(into: &ignored)
        }
    }

    private func ownCPUSeconds(_ subjects: [Subject]) throws -> Double {
        MachineLoad.ownCPUSeconds() + (try subjects.map { try $0.server.usage().cpuSeconds() }.reduce(0, +))
    }
}
