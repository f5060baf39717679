import QueueModel

extension QueueName {
    static let orders = named("orders")
    static let letters = named("letters")
    static let other = named("other")

    static func named(_ text: String) -> QueueName {
        guard let name = QueueName(text) else { preconditionFailure("\(text) is no queue name") }
        return name
    }
}

extension MessageContent {
    init(_ body: String) {
        self.init(body: Array(body.utf8), senderId: "000000000000")
    }
}

extension ReceivedMessage {
    var text: String { String(decoding: content.body, as: UTF8.self) }
}

extension StoreSnapshot.StoredMessage {
    /// The body.
    var text: String { String(decoding: content.body, as: UTF8.self) }
}

/// The outcome has another case than its command.
struct UnexpectedOutcome: Error {
    let outcome: Outcome
}

// Each operation as a call that waits and throws the store's error.
extension TestStore {
    @discardableResult
    func create(_ queue: QueueName, _ attributes: [QueueAttributeName: String] = [:]) throws -> Bool {
        let outcome = try perform(.createQueue(CreateQueueCommand(queue: queue, attributes: attributes)))
        guard case .createdQueue(let isNew) = outcome else { throw UnexpectedOutcome(outcome: outcome) }
        return isNew
    }

    func delete(_ queue: QueueName) throws {
        let outcome = try perform(.deleteQueue(queue))
        guard case .deletedQueue = outcome else { throw UnexpectedOutcome(outcome: outcome) }
    }

    func purge(_ queue: QueueName) throws {
        let outcome = try perform(.purgeQueue(PurgeQueueCommand(queue: queue)))
        guard case .purgedQueue = outcome else { throw UnexpectedOutcome(outcome: outcome) }
    }

    func set(_ queue: QueueName, _ changes: [QueueAttributeName: String]) throws {
        let outcome = try perform(.setQueueAttributes(SetQueueAttributesCommand(queue: queue, changes: changes)))
        guard case .setQueueAttributes = outcome else { throw UnexpectedOutcome(outcome: outcome) }
    }

    func describe(_ queue: QueueName, includesCounts: Bool = false) throws -> QueueDescription {
        let outcome = try perform(
            .describeQueue(DescribeQueueCommand(queue: queue, includesCounts: includesCounts))
        )
        guard case .describedQueue(let description) = outcome else { throw UnexpectedOutcome(outcome: outcome) }
        return description
    }

    func counts(_ queue: QueueName) throws -> QueueCounts? {
        try describe(queue, includesCounts: true).counts
    }

    func list(prefix: String = "", after: QueueName? = nil, limit: Int = 1_000) throws -> ListedQueues {
        let outcome = try perform(.listQueues(ListQueuesCommand(prefix: prefix, after: after, limit: limit)))
        guard case .listedQueues(let listed) = outcome else { throw UnexpectedOutcome(outcome: outcome) }
        return listed
    }

    func send(_ messages: [NewMessage], to queue: QueueName) throws -> [Result<SentMessage, SQSError>] {
        let outcome = try perform(.sendMessages(SendMessagesCommand(queue: queue, messages: messages)))
        guard case .sentMessages(let results) = outcome else { throw UnexpectedOutcome(outcome: outcome) }
        return results
    }

    @discardableResult
    func send(_ text: String, to queue: QueueName, delaySeconds: Int? = nil) throws -> MessageID {
        let message = newMessage(MessageContent(text), delaySeconds: delaySeconds)
        let results = try send([message], to: queue)
        return try results[0].get().messageId
    }

    /// Sends so many messages in batches of ten; their bodies are `1`, `2` and so on.
    func send(count: Int, to queue: QueueName) throws {
        for start in stride(from: 1, through: count, by: 10) {
            let numbers = start...min(start + 9, count)
            for result in try send(numbers.map { newMessage(MessageContent("\($0)")) }, to: queue) {
                _ = try result.get()
            }
        }
    }

    func receiveOutcome(
        _ queue: QueueName,
        attempt attemptId: String? = nil,
        max: Int = 10,
        timeout: Int? = nil,
        reportsNext: Bool = true
    ) throws -> ReceivedMessages {
        let outcome = try perform(
            .receiveMessages(
                ReceiveMessagesCommand(
                    queue: queue,
                    maxNumberOfMessages: max,
                    visibilityTimeoutSeconds: timeout,
                    attemptId: attemptId,
                    reportsNextAvailability: reportsNext
                )
            )
        )
        guard case .receivedMessages(let received) = outcome else { throw UnexpectedOutcome(outcome: outcome) }
        return received
    }

    @discardableResult
    func receive(_ queue: QueueName, max: Int = 10, timeout: Int? = nil) throws -> [ReceivedMessage] {
        try receiveOutcome(queue, max: max, timeout: timeout, reportsNext: false).messages
    }

    /// Receives and tells only the bodies.
    func texts(_ queue: QueueName, max: Int = 10, timeout: Int? = nil) throws -> [String] {
        try receive(queue, max: max, timeout: timeout).map(\.text)
    }

    func delete(_ receipts: [Receipt], from queue: QueueName) throws -> [ReceiptRefusal?] {
        let outcome = try perform(.deleteMessages(DeleteMessagesCommand(queue: queue, receipts: receipts)))
        guard case .deletedMessages(let refusals) = outcome else { throw UnexpectedOutcome(outcome: outcome) }
        return refusals
    }

    func hide(
        _ receipts: [Receipt],
        of queue: QueueName,
        for seconds: Int,
        onlyLastReceive: Bool = false
    ) throws -> [ReceiptRefusal?] {
        let outcome = try perform(
            .changeMessageVisibility(
                ChangeMessageVisibilityCommand(
                    queue: queue,
                    entries: receipts.map {
                        ChangeMessageVisibilityCommand.Entry(receipt: $0, visibilityTimeoutSeconds: seconds)
                    },
                    onlyLastReceive: onlyLastReceive
                )
            )
        )
        guard case .changedMessageVisibility(let refusals) = outcome else { throw UnexpectedOutcome(outcome: outcome) }
        return refusals
    }

    func sweepStep(rowsMax: Int) throws -> Bool {
        let outcome = try perform(.sweep(SweepCommand(rowsMax: rowsMax)))
        guard case .swept(let hasMore) = outcome else { throw UnexpectedOutcome(outcome: outcome) }
        return hasMore
    }

    /// Sweeps until nothing is left to sweep.
    func sweep(rowsMax: Int = 500) throws {
        var steps = 0
        while try sweepStep(rowsMax: rowsMax) {
            steps += 1
            precondition(steps < 1_000_000, "the sweep does not end")
        }
    }

    func lease(_ chore: String, for holder: String, seconds: Int) throws -> Bool {
        let outcome = try perform(.leaseChore(LeaseChoreCommand(chore: chore, holder: holder, seconds: seconds)))
        guard case .leasedChore(let isGranted) = outcome else { throw UnexpectedOutcome(outcome: outcome) }
        return isGranted
    }

    /// A RedrivePolicy.
    func redrive(to target: QueueName, after maxReceiveCount: Int) -> String {
        RedrivePolicy(
            deadLetterTarget: QueueARN(region: "us-east-1", account: "000000000000", queue: target),
            maxReceiveCount: maxReceiveCount
        ).json
    }

    /// The ids of what lies in a queue.
    func stored(_ queue: QueueName) throws -> [StoreSnapshot.StoredMessage] {
        try store.snapshot().queues[queue]?.messages ?? []
    }

    func perform(_ command: Command) throws -> Outcome {
        try store.apply(command).get()
    }
}
