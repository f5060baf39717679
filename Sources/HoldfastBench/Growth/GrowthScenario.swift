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

    /// Seconds between filling and measuring.
    var restSeconds = 0

    /// Seconds over which the messages of a deduplication window are sent, before measuring.
    var windowSeconds = 0

    /// One case with its broker.
    private struct Subject {
        let kind: StoreCase
        let server: ServerProcess
        let standing: StandingQueue
    }

    /// Measures; throws if an answer was an error, or a message was lost, came twice or out of order.
    func run(_ broker: BrokerProgram) throws -> GrowthReport {
        let subjects = try growth.cases.map { try subject($0, broker) }
        if restSeconds > 0 {
            progress("resting \(restSeconds) s, until the deduplication ids are forgotten")
            sleep(UInt32(restSeconds))
        }
        for subject in subjects where subject.kind == .fifoFullWindow { try fillWindow(of: subject.standing) }
        let loads = try subjects.flatMap { subject in
            try growth.forms.map { try StandingLoad(subject.standing, $0.form, plan: plan) }
        }
        let machineLoad = try MachineLoad()
        let ownBefore = try ownCPUSeconds(subjects)
        let rounds = try StandingLoad.rounds(of: loads, plan: plan) { progress("round \($0) of \(plan.rounds)") }
        var report = GrowthReport(growth, machine: try Machine(), plan: plan, restSeconds: restSeconds)
        report.otherLoadShare = try machineLoad.otherShare(ownSeconds: try ownCPUSeconds(subjects) - ownBefore)
        report.messagesCycled = subjects.map(\.standing.queue.ledger.deleted).reduce(0, +)
        for (offset, form) in growth.forms.enumerated() {
            var measured: [StoreCase: [StandingRound]] = [:]
            for (index, subject) in subjects.enumerated() {
                measured[subject.kind] = rounds[index * growth.forms.count + offset]
            }
            report.take(measured, growth, form: form.title)
        }
        for subject in subjects { try subject.server.terminate() }
        return report
    }

    private func subject(_ kind: StoreCase, _ broker: BrokerProgram) throws -> Subject {
        progress("filling: \(kind.title(growth.sizes))")
        let server = try broker.start(data: kind.rawValue)
        let target = try server.target()
        let queue = try BenchmarkQueue(
            target: target,
            name: "bench-growth",
            shape: MessageShape(groups: kind.isFifo ? kind.groupCount(growth.sizes) : nil),
            connections: plan.connections
        )
        // Neighbours would share pages.
        var random = SplitMix64(seed: 1)
        let others = try (1..<kind.queueCount(growth.sizes)).map {
            try BenchmarkQueue(target: target, name: "bench-growth-\($0)")
        }
        let standing = StandingQueue(
            queue: queue,
            messages: kind.standingCount(growth.sizes),
            others: kind == .manyQueues ? others.shuffled(using: &random) : []
        )
        try standing.fill(connections: plan.connections)
        return Subject(kind: kind, server: server, standing: standing)
    }

    /// Sends, receives and deletes as many messages as a full window has, evenly over its time.
    private func fillWindow(of standing: StandingQueue) throws {
        progress("sending \(growth.sizes.window) messages in \(windowSeconds) s")
        let load = try StandingLoad(standing, .steps(batch: MessageShape.batchMax), plan: plan)
        let ledger = standing.queue.ledger
        let (sentBefore, startedAt) = (ledger.sent, MachineTime.nanoseconds)
        var ignored = StandingRound()
        while case let sent = ledger.sent - sentBefore, sent < growth.sizes.window {
            let dueSeconds = Double(windowSeconds) * Double(sent) / Double(growth.sizes.window)
            let earlySeconds = dueSeconds - MachineTime.seconds(since: startedAt)
            if earlySeconds > 0 { usleep(UInt32(earlySeconds * 1e6)) }
            try load.chunk(into: &ignored)
        }
    }

    private func ownCPUSeconds(_ subjects: [Subject]) throws -> Double {
        MachineLoad.ownCPUSeconds() + (try subjects.map { try $0.server.usage().cpuSeconds() }.reduce(0, +))
    }
}
