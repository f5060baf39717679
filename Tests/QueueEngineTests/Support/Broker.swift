import QueueEngine
import QueueModel
import ReferenceStore
import Synchronization

/// An engine over the reference store, with a time that stands still until a test moves it.
struct Broker {
    let clock: ManualClock
    let reference: ReferenceStore
    /// Between engine and reference store if the test decides when batches run.
    let stepwise: StepwiseStore?
    let timers: ManualTimers
    let engine: QueueEngine

    private let log = LogKeeper()

    init(
        isStepwise: Bool = false,
        inFlightMessagesMax: Int = Limits.inFlightMessagesMax,
        configuration: EngineConfiguration = EngineConfiguration(),
        randomSeed: UInt64? = 1
    ) {
        let clock = ManualClock()
        let reference = ReferenceStore(clock: clock, inFlightMessagesMax: inFlightMessagesMax)
        let stepwise = isStepwise ? StepwiseStore(reference) : nil
        self.init(
            store: stepwise ?? reference,
            reference: reference,
            stepwise: stepwise,
            clock: clock,
            configuration: configuration,
            randomSeed: randomSeed
        )
    }

    /// A broker over a store of the test's own.
    init(store: any MessageStore) {
        let clock = ManualClock()
        self.init(
            store: store,
            reference: ReferenceStore(clock: clock),
            stepwise: nil,
            clock: clock,
            configuration: EngineConfiguration(),
            randomSeed: 1
        )
    }

    private init(
        store: any MessageStore,
        reference: ReferenceStore,
        stepwise: StepwiseStore?,
        clock: ManualClock,
        configuration: EngineConfiguration,
        randomSeed: UInt64?
    ) {
        self.clock = clock
        self.reference = reference
        self.stepwise = stepwise
        timers = ManualTimers(clock: clock)
        engine = QueueEngine(
            store: store,
            identity: ServiceIdentity(region: "us-east-1", account: "000000000000"),
            configuration: configuration,
            timers: timers,
            randomSeed: randomSeed,
            logger: log.logger
        )
    }

    /// What was logged at the level critical.
    var critical: [String] {
        log.critical
    }

    /// Begins a request; what comes of it goes into the answer.
    @discardableResult
    func begin(_ request: SQSRequest, for caller: Caller = .anybody, on executor: any ReplyExecutor = Inline())
        -> Answer
    {
        let answer = Answer()
        engine.perform(request, for: caller, on: executor) { answer.add($0) }
        return answer
    }

    /// Carries a request out whose answer comes at once.
    func perform(_ request: SQSRequest, for caller: Caller = .anybody) throws -> SQSResult {
        let answer = begin(request, for: caller)
        stepwise?.drain()
        return try answer.only.get()
    }

    /// The error of a request that must fail.
    func error(of request: SQSRequest, for caller: Caller = .anybody) -> SQSError? {
        do {
            _ = try perform(request, for: caller)
            return nil
        } catch {
            return error as? SQSError
        }
    }

    /// Creates a queue and gives its URL.
    @discardableResult
    func create(_ name: String, _ attributes: [String: String] = [:]) throws -> String {
        let result = try perform(.createQueue(CreateQueueRequest(queueName: name, attributes: attributes)))
        guard case .createQueue(let created) = result else { throw UnexpectedResult() }
        return created.queueUrl
    }

    @discardableResult
    func send(_ input: MessageInput, to queue: String, for caller: Caller = .anybody) throws -> SendMessageResult {
        let result = try perform(.sendMessage(SendMessageRequest(queueUrl: queue, message: input)), for: caller)
        guard case .sendMessage(let sent) = result else { throw UnexpectedResult() }
        return sent
    }

    @discardableResult
    func send(_ body: String, to queue: String, delaySeconds: Int? = nil) throws -> SendMessageResult {
        try send(MessageInput(body: Array(body.utf8), delaySeconds: delaySeconds), to: queue)
    }

    /// Receives without waiting.
    func receive(_ queue: String, _ change: (inout ReceiveMessageRequest) -> Void = { _ in }) throws -> [Message] {
        var request = ReceiveMessageRequest(queueUrl: queue, waitTimeSeconds: 0)
        change(&request)
        guard case .receiveMessage(let result) = try perform(.receiveMessage(request)) else {
            throw UnexpectedResult()
        }
        return result.messages
    }

    /// Begins a long poll.
    func poll(_ queue: String, waitSeconds: Int? = 20, count: Int = 1, for caller: Caller = Caller.new()) -> Answer {
        begin(
            .receiveMessage(
                ReceiveMessageRequest(queueUrl: queue, maxNumberOfMessages: count, waitTimeSeconds: waitSeconds)
            ),
            for: caller
        )
    }
}

/// What a request was answered.
final class Answer: Sendable {
    private let results = Mutex<[Result<SQSResult, SQSError>]>([])

    func add(_ result: Result<SQSResult, SQSError>) {
        results.withLock { $0.append(result) }
    }

    /// How often it was answered.
    var count: Int {
        results.withLock { $0.count }
    }

    /// The only answer there must be.
    var only: Result<SQSResult, SQSError> {
        results.withLock { results in
            precondition(results.count == 1, "answered \(results.count) times")
            return results[0]
        }
    }

    var error: SQSError? {
        if count == 1, case .failure(let error) = only { error } else { nil }
    }

    /// The bodies of the received messages; nothing without an answer of that kind.
    var bodies: [String]? {
        messages?.map { String(decoding: $0.body, as: UTF8.self) }
    }

    var messages: [Message]? {
        if count == 1, case .success(.receiveMessage(let result)) = only { result.messages } else { nil }
    }
}

/// Builds and tells answers at once.
struct Inline: ReplyExecutor {
    func execute(_ work: @escaping @Sendable () -> Void) {
        work()
    }
}

/// Builds and tells answers when a test says so.
final class Later: ReplyExecutor {
    private let waiting = Mutex<[@Sendable () -> Void]>([])

    func execute(_ work: @escaping @Sendable () -> Void) {
        waiting.withLock { $0.append(work) }
    }

    func run() {
        let works = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for work in works { work() }
    }
}

struct UnexpectedResult: Error {}

extension Caller {
    static let anybody = Caller.new()

    static func new(traceHeader: String? = nil) -> Caller {
        Caller(baseUrl: "http://localhost:9324", senderId: "000000000000", traceHeader: traceHeader)
    }
}
