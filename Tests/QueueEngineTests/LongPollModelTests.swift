import QueueEngine
import QueueModel
import ReferenceStore
import Synchronization
import Testing

/// Random requests, leaving callers, passing time and batches of any size, from a seed that is told on failure.
@Suite struct LongPollModelTests {
    @Test(arguments: UInt64(1)...300)
    func `every request is answered once, no message is lost and no poll sleeps beside a message`(
        seed: UInt64
    ) throws {
        var run = try LongPollRun(seed: seed)
        for _ in 0..<200 { try run.step() }
        try run.finish()
    }
}

private struct LongPollRun {
    private struct Request {
        let caller: Caller
        let answer: Answer
        let waitSeconds: Int
        let startedAt: Int64
    }

    private static let queue = "q"
    private let broker: Broker
    private let store: StepwiseStore
    private let hasFewInFlightMax: Bool
    private let hasLongBodies: Bool
    private var lastUsedUpAt: Int64 = -1_000
    private var random: Numbers
    private var requests: [Request] = []
    private var sends: [Answer] = []
    private var elapsed: Int64 = 0
    private var sent = 0
    private var deleted: Set<MessageID> = []

    init(seed: UInt64) throws {
        hasFewInFlightMax = seed.isMultiple(of: 4)
        hasLongBodies = seed.isMultiple(of: 3)
        var configuration = EngineConfiguration()
        configuration.answersSizeBytesMax = 40_000
        configuration.longPollsMax = seed.isMultiple(of: 5) ? 4 : 1_000
        broker = Broker(
            isStepwise: true,
            inFlightMessagesMax: hasFewInFlightMax ? 3 : 1_000,
            configuration: configuration,
            randomSeed: seed
        )
        store = try #require(broker.stepwise)
        random = Numbers(state: seed)
        try broker.create(LongPollRun.queue)
    }

    mutating func step() throws {
        switch random.below(12) {
        case 0...2:
            poll()
        case 3, 4:
            send()
        case 5, 6:
            leaveOrDelete()
        case 7:
            let milliseconds = Int64(1 + random.below(3_000))
            broker.timers.advance(milliseconds: milliseconds)
            elapsed += milliseconds
        case 8...10:
            store.step()
        default:
            store.drain()
            try checkQuiet()
        }
        if broker.engine.answerRoom.isUsedUp { lastUsedUpAt = elapsed }
        if hasLongBodies, !requests.isEmpty, random.below(3) == 0 {
            // Somebody reads the answer, or is gone.
            _ = requests[random.below(requests.count)].caller.takeAnswerShare()
        }
    }

    /// Ends all, and looks at what is left.
    mutating func finish() throws {
        store.drain()
        try checkQuiet()
        broker.engine.endLongPolls()
        store.drain()
        #expect(requests.allSatisfy { $0.answer.count == 1 })
        #expect(sends.allSatisfy { $0.count == 1 })
        #expect(broker.timers.waiting == 0)
        #expect(broker.engine.longPollsWaiting == 0)
        requests.removeAll()
        #expect(broker.engine.answerRoom.usedSizeBytes == 0)

        // Nobody deletes what a caller has not got, so all else is still there.
        let stored = Set(try #require(broker.reference.snapshot().queues.values.first).messages.map(\.messageId))
        let acknowledged = sends.compactMap { answer -> MessageID? in
            guard case .success(.sendMessage(let result)) = answer.only else { return nil }
            return result.messageId
        }
        #expect(acknowledged.count == sends.count)
        #expect(Set(acknowledged).subtracting(deleted).isSubset(of: stored))
    }

    private mutating func poll() {
        let caller = Caller.new()
        let waitSeconds = random.below(4) == 0 ? 0 : 1 + random.below(20)
        let request = ReceiveMessageRequest(
            queueUrl: LongPollRun.queue,
            maxNumberOfMessages: 1 + random.below(3),
            visibilityTimeoutSeconds: 1 + random.below(5),
            waitTimeSeconds: waitSeconds
        )
        requests.append(
            Request(
                caller: caller,
                answer: broker.begin(.receiveMessage(request), for: caller),
                waitSeconds: waitSeconds,
                startedAt: elapsed
            )
        )
    }

    private mutating func send() {
        sent += 1
        let input = MessageInput(
            body: hasLongBodies ? [UInt8](repeating: 65, count: 17_000) : Array("\(sent)".utf8),
            delaySeconds: random.below(3) == 0 ? random.below(4) : nil
        )
        sends.append(broker.begin(.sendMessage(SendMessageRequest(queueUrl: LongPollRun.queue, message: input))))
    }

    private mutating func leaveOrDelete() {
        guard !requests.isEmpty else { return }
        let request = requests[random.below(requests.count)]
        guard let message = request.answer.messages?.first, !request.caller.isGone else {
            if request.answer.count == 0 { request.caller.leave() }
            return
        }
        deleted.insert(message.messageId)
        broker.begin(
            .deleteMessage(
                DeleteMessageRequest(queueUrl: LongPollRun.queue, receiptHandle: message.receiptHandle)
            )
        )
    }

    /// With nothing under way, a poll waits only if there is no message for it and its time is not over.
    private func checkQuiet() throws {
        let now = broker.clock.now()
        let queue = try #require(broker.reference.snapshot().queues.values.first)
        let isMessageAvailable = queue.messages.contains { $0.availableAt <= now }
        for request in requests {
            #expect(request.answer.count <= 1)
            guard request.answer.count == 0 else { continue }
            #expect(!request.caller.isGone)
            #expect(elapsed - request.startedAt < Int64(request.waitSeconds) * 1_000 + 20_000)
            // Where too many are in flight, or answers not read yet, what is available has to wait.
            let isUsedUp = broker.engine.answerRoom.isUsedUp
            let isHeldBack = hasFewInFlightMax || isUsedUp || elapsed - lastUsedUpAt <= 1_000
            #expect(isHeldBack || !isMessageAvailable, "a poll sleeps beside a message")
        }
    }
}

private struct Numbers {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state >> 11) % limit
    }
}
