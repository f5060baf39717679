import Logging
import QueueEngine
import QueueModel
import ReferenceStore
import Synchronization

/// An engine over the reference store, the same for every input: two queues, their dead-letter queues, and a message
/// received from each.
///
/// The receipt key is fixed and the clock stands, so handles can be part of the corpus.
struct FuzzedBroker {
    static let queue = QueueName.known("q")

    let engine: QueueEngine

    init(timers: any Timers = StoppedTimers()) {
        engine = QueueEngine(
            store: FuzzedBroker.store(),
            identity: ServiceIdentity(region: "us-east-1", account: "000000000000"),
            timers: timers,
            randomSeed: 1,
            logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Carries a request out; a long poll that would wait is ended.
    func perform(_ request: SQSRequest) throws -> Result<SQSResult, SQSError> {
        let caller = Caller(baseUrl: "http://localhost:9324", senderId: "000000000000")
        let answers = Mutex<[Result<SQSResult, SQSError>]>([])
        engine.perform(request, for: caller, on: AtOnce()) { answer in answers.withLock { $0.append(answer) } }
        engine.endLongPolls()
        let all = answers.withLock { $0 }
        try FuzzedDecoder.require(all.count == 1, "a request got \(all.count) answers: \(request)")
        return all[0]
    }

    private static func store() -> ReferenceStore {
        let store = ReferenceStore(clock: ManualClock())
        let letters = QueueName.known("letters")
        let fifo = QueueName.known("q.fifo")
        let fifoLetters = QueueName.known("letters.fifo")
        store.submit(
            [
                .createQueue(CreateQueueCommand(queue: letters, attributes: [:])),
                .createQueue(CreateQueueCommand(queue: queue, attributes: [.redrivePolicy: redrive(to: letters)])),
                .createQueue(CreateQueueCommand(queue: fifoLetters, attributes: [:])),
                .createQueue(CreateQueueCommand(queue: fifo, attributes: [.redrivePolicy: redrive(to: fifoLetters)])),
                .sendMessages(SendMessagesCommand(queue: queue, messages: [message(1), message(2)])),
                .sendMessages(SendMessagesCommand(queue: fifo, messages: [message(3, group: "g")])),
                .sendMessages(SendMessagesCommand(queue: letters, messages: [message(4)])),
                .receiveMessages(ReceiveMessagesCommand(queue: queue, maxNumberOfMessages: 1)),
                .receiveMessages(ReceiveMessagesCommand(queue: fifo, maxNumberOfMessages: 1)),
            ].map { command in
                Submission(command) { outcome in
                    if case .failure(let error) = outcome { preconditionFailure("\(command) failed: \(error)") }
                }
            }
        )
        return store
    }

    private static func redrive(to queue: QueueName) -> String {
        let target = QueueARN(region: "us-east-1", account: "000000000000", queue: queue)
        return RedrivePolicy(deadLetterTarget: target, maxReceiveCount: 2).json
    }

    private static func message(_ number: UInt64, group: String? = nil) -> NewMessage {
        var content = MessageContent(body: Array("message \(number)".utf8), senderId: "000000000000")
        content.messageGroupId = group
        content.messageDeduplicationId = group.map { _ in "\(number)" }
        return NewMessage(messageId: MessageID(high: 0x4000, low: number), content: content)
    }
}

/// Builds answers where they come up.
private struct AtOnce: ReplyExecutor {
    func execute(_ work: @escaping @Sendable () -> Void) { work() }
}

/// Nothing happens later.
struct StoppedTimers: Timers {
    private struct Handle: TimerHandle {
        func cancel() {}
    }

    func schedule(afterMilliseconds: Int64, _ action: @escaping @Sendable () -> Void) -> any TimerHandle { Handle() }
}

extension QueueName {
    static func known(_ text: String) -> QueueName {
        guard let name = QueueName(text) else { preconditionFailure("\(text) is no queue name") }
        return name
    }
}
