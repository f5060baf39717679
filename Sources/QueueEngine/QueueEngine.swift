public import Logging
public import QueueModel

/// The SQS operations over any store: what is asked is checked, completed with defaults and handed to the store.
///
/// It keeps no truth, only long polls that wait.
public final class QueueEngine: Sendable {
    let store: any MessageStore
    let identity: ServiceIdentity
    let configuration: EngineConfiguration
    let timers: any Timers
    let logger: Logger
    let messageIDs: MessageIDSource
    let longPolls: LongPolls
    let sweeper: Sweeper
    let moveTasks: MoveTaskRunner

    /// What long answers on their way to clients take.
    public let answerRoom: AnswerRoom

    /// Makes an engine and sets the store's availability listener, so it has to come before the store's first command.
    ///
    /// - Parameters:
    ///   - store: what keeps queues and messages.
    ///   - identity: our region and account.
    ///   - configuration: which rules are switched.
    ///   - timers: for long polls, chores and the health check.
    ///   - randomSeed: makes message ids that come again with the same seed; without it they are the system's.
    ///   - logger: hears of damage and of a store that fails; never of bodies.
    public init(
        store: any MessageStore,
        identity: ServiceIdentity,
        configuration: EngineConfiguration = EngineConfiguration(),
        timers: any Timers,
        randomSeed: UInt64? = nil,
        logger: Logger
    ) {
        self.store = store
        self.identity = identity
        self.configuration = configuration
        self.timers = timers
        self.logger = logger
        messageIDs = MessageIDSource(seed: randomSeed)
        answerRoom = AnswerRoom(sizeBytesMax: configuration.answersSizeBytesMax, logger: logger)
        longPolls = LongPolls(
            store: store,
            timers: timers,
            limit: LongPollLimit(longPollsMax: configuration.longPollsMax, logger: logger),
            answers: answerRoom
        )
        sweeper = Sweeper(store: store, timers: timers, logger: logger)
        moveTasks = MoveTaskRunner(store: store, timers: timers, seeds: messageIDs, logger: logger)
        store.setAvailabilityListener { [longPolls] availability in longPolls.hear(availability) }
    }

    /// Carries a request out and tells its answer once.
    ///
    /// What is wrong with the request itself is told before `perform` returns; everything else through `executor`,
    /// where the answer is built, too.
    ///
    /// - Parameters:
    ///   - request: the request as it was decoded.
    ///   - caller: who made it.
    ///   - executor: where the answer is built and told.
    ///   - completion: told the answer. It must not block.
    public func perform(
        _ request: SQSRequest,
        for caller: Caller,
        on executor: any ReplyExecutor,
        completion: @escaping @Sendable (Result<SQSResult, SQSError>) -> Void
    ) {
        let reply = Reply(executor: executor, completion: completion)
        do throws(SQSError) {
            switch request {
            case .sendMessage(let request): try sendMessage(request, for: caller, reply)
            case .receiveMessage(let request): try receiveMessage(request, for: caller, reply)
            case .deleteMessage(let request): try deleteMessage(request, reply)
            case .sendMessageBatch(let request): try sendMessageBatch(request, for: caller, reply)
            case .deleteMessageBatch(let request): try deleteMessageBatch(request, reply)
            case .changeMessageVisibility(let request): try changeMessageVisibility(request, reply)
            case .changeMessageVisibilityBatch(let request): try changeMessageVisibilityBatch(request, reply)
            case .createQueue(let request): try createQueue(request, for: caller, reply)
            case .deleteQueue(let request): try deleteQueue(request, reply)
            case .getQueueUrl(let request): try getQueueUrl(request, for: caller, reply)
            case .listQueues(let request): try listQueues(request, for: caller, reply)
            case .getQueueAttributes(let request): try getQueueAttributes(request, reply)
            case .setQueueAttributes(let request): try setQueueAttributes(request, reply)
            case .purgeQueue(let request): try purgeQueue(request, reply)
            case .tagQueue(let request): try tagQueue(request, reply)
            case .untagQueue(let request): try untagQueue(request, reply)
            case .listQueueTags(let request): try listQueueTags(request, reply)
            case .addPermission(let request): try addPermission(request, reply)
            case .removePermission(let request): try removePermission(request, reply)
            case .listDeadLetterSourceQueues(let request):
                try listDeadLetterSourceQueues(request, for: caller, reply)
            case .startMessageMoveTask(let request): try startMessageMoveTask(request, reply)
            case .listMessageMoveTasks(let request): try listMessageMoveTasks(request, reply)
            case .cancelMessageMoveTask(let request): try cancelMessageMoveTask(request, reply)
            case .getCallerIdentity: getCallerIdentity(for: caller, reply)
            }
        } catch {
            completion(.failure(error))
        }
    }

    /// Makes messages available again at once whose answer never reached the caller.
    ///
    /// One that somebody else has received since stays as it is.
    ///
    /// - Parameters:
    ///   - result: the answer that got lost.
    ///   - queueUrl: QueueUrl of the request that it answered.
    public func giveBack(_ result: ReceiveMessageResult, queueUrl: String) {
        guard let queue = QueueName(queueUrl: queueUrl) else { return }
        store.giveBack(result.messages.compactMap { store.receiptSeal.open($0.receiptHandle) }, to: queue)
    }

    /// Answers the long polls that wait, with no messages; receives that come later don't wait.
    public func endLongPolls() {
        longPolls.end()
    }

    /// Begins to remove expired messages and the rests of purged and deleted queues, step by step, and goes on with
    /// the move tasks that run.
    public func startChores() {
        sweeper.start()
        moveTasks.start()
    }

    /// How many receives wait for messages now.
    public var longPollsWaiting: Int {
        longPolls.limit.longPolls
    }

    /// Ends what `startChores()` began; a step under way still ends.
    public func stopChores() {
        sweeper.stop()
        moveTasks.stop()
    }

    // MARK: Shared by the operations

    /// The queue that a QueueUrl names.
    ///
    /// AWS's InvalidAddress is for other endpoints; here a text without a queue's name names no queue.
    func queue(_ queueUrl: String) throws(SQSError) -> QueueName {
        guard !queueUrl.isEmpty else { throw .missingParameter("QueueUrl") }
        guard let queue = QueueName(queueUrl: queueUrl) else { throw .queueDoesNotExist }
        return queue
    }

    func queueUrl(of queue: QueueName, for caller: Caller) -> String {
        "\(caller.baseUrl)/\(identity.account)/\(queue.text)"
    }

    /// Hands a command to the store; the answer is built where it is told.
    ///
    /// - Parameters:
    ///   - command: what to do.
    ///   - reply: where the answer goes.
    ///   - missingQueue: the answer if the queue is not there.
    ///   - onSuccess: called on the store's thread if the command was carried out; must not block.
    ///   - build: makes the answer.
    func submit(
        _ command: Command,
        _ reply: Reply,
        missingQueue: SQSError = .queueDoesNotExist,
        onSuccess: (@Sendable () -> Void)? = nil,
        build: @escaping @Sendable (Outcome) throws(SQSError) -> SQSResult
    ) {
        store.submit(
            Submission(command) { result in
                switch result {
                case .success(let outcome):
                    onSuccess?()
                    reply.tell { () throws(SQSError) in try build(outcome) }
                case .failure(.queueDoesNotExist): reply.tell(missingQueue)
                case .failure(let error): reply.tell(SQSError(error))
                }
            }
        )
    }

    /// Answers `build`'s result if the queue exists, and that it does not exist otherwise.
    ///
    /// For requests that leave the store nothing to do: AWS looks for the queue first.
    func answer(
        ifExists queue: QueueName,
        _ reply: Reply,
        build: @escaping @Sendable () throws(SQSError) -> SQSResult
    ) {
        submit(.describeQueue(DescribeQueueCommand(queue: queue, includesCounts: false)), reply) {
            _ throws(SQSError) in try build()
        }
    }
}

extension Outcome {
    /// For the case that a store answers a command with another command's outcome.
    func isNoOutcome(of operation: StaticString) -> Never {
        preconditionFailure("the store answered \(operation) with another command's outcome")
    }
}
