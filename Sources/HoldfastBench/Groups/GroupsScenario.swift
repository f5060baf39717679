import Benchmark
import Glibc

/// What message groups cost: the same sends, receives and deletes with few and many messages in few and many groups.
///
/// Each case has a broker and a data directory of its own, so that a small one is small in every respect.
struct GroupsScenario {
    /// The cases that take turns.
    static let cases: [StoreCase] = [
        .fifo, .fifoStanding, .fifoThousandGroups, .fifoManyGroups, .fifoOneGroup, .fifoHugeGroup,
    ]

    /// How the requests follow each other, as the tables name it.
    private static let forms: [(title: String, form: StandingLoad.Form)] = [
        ("single, cycles", .cycles), ("single, steps", .steps(batch: 1)),
        ("by ten, steps", .steps(batch: MessageShape.batchMax)),
    ]

    /// As many as the small cases hold; fewer would not fill the batches of 64 groups.
    static let messagesMin = 1_000

    /// How much to measure.
    let plan: StandingPlan

    /// Seconds between filling and measuring.
    let restSeconds: Int

    /// Told what is being measured.
    let progress: (String) -> Void

    /// One case with its broker.
    private struct Subject {
        let kind: StoreCase
        let server: ServerProcess
        let standing: StandingQueue
    }

    /// Measures; throws if an answer was an error, or a message was lost, came twice or out of order.
    func run(_ broker: BrokerProgram) throws -> GroupsReport {
        let sizes = StoreSizes(messages: plan.largeMessages)
        let subjects = try Self.cases.map { try subject($0, sizes, broker) }
        if restSeconds > 0 {
            progress("resting \(restSeconds) s, until the deduplication ids are forgotten")
            sleep(UInt32(restSeconds))
        }
        let loads = try subjects.flatMap { subject in
            try Self.forms.map { try StandingLoad(subject.standing, $0.form, plan: plan) }
        }
        let machineLoad = try MachineLoad()
        let ownBefore = try ownCPUSeconds(subjects)
        let rounds = try StandingLoad.rounds(of: loads, plan: plan) { progress("round \($0) of \(plan.rounds)") }
        var report = GroupsReport(machine: try Machine(), plan: plan, restSeconds: restSeconds)
        report.otherLoadShare = try machineLoad.otherShare(ownSeconds: try ownCPUSeconds(subjects) - ownBefore)
        report.messagesCycled = subjects.map(\.standing.queue.ledger.deleted).reduce(0, +)
        for (offset, form) in Self.forms.enumerated() {
            var measured: [StoreCase: [StandingRound]] = [:]
            for (index, subject) in subjects.enumerated() {
                measured[subject.kind] = rounds[index * Self.forms.count + offset]
            }
            report.take(measured, sizes, form: form.title)
        }
        for subject in subjects { try subject.server.terminate() }
        return report
    }

    private func subject(_ kind: StoreCase, _ sizes: StoreSizes, _ broker: BrokerProgram) throws -> Subject {
        progress("filling: \(kind.title(sizes))")
        let server = try broker.start(data: kind.rawValue)
        let queue = try BenchmarkQueue(
            target: try server.target(),
            name: "bench-groups",
            shape: MessageShape(groups: kind.groupCount(sizes)),
            connections: plan.connections
        )
        let standing = StandingQueue(queue: queue, messages: kind.standingCount(sizes))
        try standing.fill(connections: plan.connections)
        return Subject(kind: kind, server: server, standing: standing)
    }

    private func ownCPUSeconds(_ subjects: [Subject]) throws -> Double {
        MachineLoad.ownCPUSeconds() + (try subjects.map { try $0.server.usage().cpuSeconds() }.reduce(0, +))
    }
}
