import Benchmark
import Glibc

/// What idle connections and waiting receives cost: the same load alone and beside them, in turns.
struct CrowdScenario {
    /// Beside what the load runs.
    enum Company: String, CaseIterable, Encodable {
        case alone
        case idle
        case waiting
    }

    /// One turn of the load.
    struct Turn {
        /// Requests, time and latencies.
        var result: LoadResult

        /// CPU of the server.
        var cpuSeconds: Double

        /// Resident memory of the server after the load.
        var residentBytes: Int

        /// How much of it came with the company.
        var companyBytes: Int

        var cpuMicrosecondsPerRequest: Double { cpuSeconds * 1e6 / Double(result.requests) }
    }

    /// Connections that send, receive and delete.
    static let workingConnections = 64

    /// Connections that do nothing.
    let idleConnections: Int

    /// Receives that wait.
    let waitingReceives: Int

    /// Rounds of all companies in turn.
    let rounds: Int

    /// Seconds of the load in one turn.
    let seconds: Double

    /// Told what is being measured.
    let progress: (String) -> Void

    /// A broker of its own for each company: memory that one crowd had is not given back at once.
    private struct Subject {
        let company: Company
        let server: ServerProcess
        let target: Target
        let work: BenchmarkQueue
        let empty: BenchmarkQueue
    }

    /// Measures; throws if an answer was an error, a message was lost or came twice, or the company did not last.
    func run(_ broker: BrokerProgram) throws -> CrowdReport {
        try raiseOpenFileLimit()
        let subjects = try Company.allCases.map { try subject($0, broker) }
        let machineLoad = try MachineLoad()
        let ownBefore = try ownCPUSeconds(subjects)
        progress("warming up")
        for subject in subjects { _ = try turn(subject, beside: nil) }
        var measured: [[Company: Turn]] = []
        for round in 1...rounds {
            progress("round \(round) of \(rounds)")
            var turns: [Company: Turn] = [:]
            for subject in subjects { turns[subject.company] = try turn(subject, beside: try crowd(subject)) }
            measured.append(turns)
        }
        let otherLoadShare = try machineLoad.otherShare(ownSeconds: try ownCPUSeconds(subjects) - ownBefore)
        for subject in subjects { try subject.server.terminate() }
        let messages = subjects.map(\.work.ledger.deleted).reduce(0, +)
        return CrowdReport(self, machine: try Machine(), measured, otherLoadShare, messages: messages)
    }

    private func subject(_ company: Company, _ broker: BrokerProgram) throws -> Subject {
        var broker = broker
        let connections = max(idleConnections, waitingReceives) + 2 * Self.workingConnections
        broker.environment["HOLDFAST_CONNECTIONS_MAX"] = "\(connections)"
        broker.environment["HOLDFAST_LONG_POLLS_MAX"] = "\(connections)"
        broker.environment["HOLDFAST_IDLE_TIMEOUT_SECONDS"] = "3600"
        let server = try broker.start(data: company.rawValue)
        let target = try server.target()
        return Subject(
            company: company,
            server: server,
            target: target,
            work: try BenchmarkQueue(target: target, name: "bench-crowd", connections: Self.workingConnections),
            empty: try BenchmarkQueue(target: target, name: "bench-crowd-empty")
        )
    }

    /// The company of a turn, with the memory that its broker took for it.
    private func crowd(_ subject: Subject) throws -> (crowd: Crowd?, residentBytes: Int) {
        let before = try subject.server.usage().residentBytes()
        let crowd: Crowd? =
            switch subject.company {
            case .alone: nil
            case .idle: try Crowd.idle(at: subject.target.endpoint, count: idleConnections)
            case .waiting: try Crowd.waiting(for: subject.empty, count: waitingReceives)
            }
        // A broker that rests has read all that was sent to it: what it has not answered then is waiting in it.
        guard try subject.target.rests(withinSeconds: Self.arrivalSecondsMax) == true else {
            throw BenchmarkError("the broker does not come to rest")
        }
        return (crowd, try subject.server.usage().residentBytes() - before)
    }

    private func turn(_ subject: Subject, beside company: (crowd: Crowd?, residentBytes: Int)?) throws -> Turn {
        let (target, work) = (subject.target, subject.work)
        let generator = try LoadGenerator(target.endpoint, connections: Self.workingConnections)
        let load = CycleLoad(requests: work.requests(), connections: Self.workingConnections, ledger: work.ledger)
        let (result, cpuSeconds) = try target.measure(generator, load, seconds: seconds)
        try work.check(standing: 0)
        try company?.crowd?.check()
        guard let cpuSeconds else { preconditionFailure("the CPU of a known process is known") }
        return Turn(
            result: result,
            cpuSeconds: cpuSeconds,
            residentBytes: try subject.server.usage().residentBytes(),
            companyBytes: company?.residentBytes ?? 0
        )
    }

    private func ownCPUSeconds(_ subjects: [Subject]) throws -> Double {
        MachineLoad.ownCPUSeconds() + (try subjects.map { try $0.server.usage().cpuSeconds() }.reduce(0, +))
    }

    private static let arrivalSecondsMax = 8.0

    /// For the connections of the bench, and for those of the broker, which takes the limit over.
    private func raiseOpenFileLimit() throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let needed = max(idleConnections, waitingReceives) + 4 * Self.workingConnections
        guard limit.rlim_cur >= rlim_t(needed) else {
            throw BenchmarkError("\(needed) open files are needed, and the limit is \(limit.rlim_cur): see ulimit -Hn")
        }
    }
}
