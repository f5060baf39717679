import QueueEngine
import QueueModel
import Testing

@Suite struct AnswerRoomTests {
    private let broker: Broker

    init() throws {
        var configuration = EngineConfiguration()
        configuration.answersSizeBytesMax = 50_000
        broker = Broker(configuration: configuration)
        try broker.create("q")
    }

    private func send(_ count: Int, sizeBytes: Int = 30_000) throws {
        for _ in 0..<count { try broker.send(MessageInput(body: [UInt8](repeating: 65, count: sizeBytes)), to: "q") }
    }

    /// Receives for callers who do not take their answers, until there is no more room.
    private func useUp() throws -> [Caller] {
        try send(2)
        let callers = (0..<2).map { _ in Caller.new() }
        for caller in callers {
            #expect(broker.poll("q", waitSeconds: 0, for: caller).messages?.count == 1)
        }
        #expect(broker.engine.answerRoom.isUsedUp)
        return callers
    }

    @Test func `a receive without room for its answer is refused for now and takes nothing`() throws {
        let callers = try useUp()
        try send(1)
        #expect(broker.poll("q", waitSeconds: 0).error?.type == "ServiceUnavailable")
        #expect(broker.poll("q", waitSeconds: 0).error?.status == 503)
        #expect(callers.last?.takeAnswerShare() != nil)
        let received = try broker.receive("q") { $0.systemAttributeNames = ["All"] }
        let count = received.first?.systemAttributes.first { $0.name == .approximateReceiveCount }
        #expect(count?.value == "1")
        withExtendedLifetime(callers) {}
    }

    @Test func `everything else goes on without room for answers`() throws {
        let callers = try useUp()
        try send(1)
        _ = try broker.perform(.getQueueAttributes(GetQueueAttributesRequest(queueUrl: "q", attributeNames: ["All"])))
        withExtendedLifetime(callers) {}
    }

    @Test func `a long poll waits for room and gets its message within a second of it`() throws {
        let callers = try useUp()
        try send(1)
        let poll = broker.poll("q")
        broker.timers.advance(milliseconds: 5_000)
        #expect(poll.count == 0)
        _ = callers[0].takeAnswerShare()
        broker.timers.advance(milliseconds: 1_000)
        #expect(poll.messages?.count == 1)
        withExtendedLifetime(callers) {}
    }

    @Test func `a parked poll that a message wakes waits for room, too, and ends empty after its time`() throws {
        let waiting = broker.poll("q", waitSeconds: 10)
        try broker.create("other")
        let callers = try [Caller.new(), Caller.new()]
        for caller in callers {
            try broker.send(MessageInput(body: [UInt8](repeating: 65, count: 30_000)), to: "other")
            #expect(broker.poll("other", waitSeconds: 0, for: caller).messages?.count == 1)
        }
        try send(1)
        broker.timers.advance(milliseconds: 9_999)
        #expect(waiting.count == 0)
        broker.timers.advance(milliseconds: 1)
        #expect(waiting.bodies == [])
        #expect(broker.timers.waiting == 0)
        #expect(broker.engine.longPollsWaiting == 0)
        withExtendedLifetime(callers) {}
    }

    @Test func `a caller who leaves frees what its answer took`() throws {
        var callers = try useUp()
        try send(1)
        callers = []
        #expect(!broker.engine.answerRoom.isUsedUp)
        #expect(try broker.receive("q").count == 1)
        withExtendedLifetime(callers) {}
    }

    @Test func `an answer counts as much as it takes once it is encoded`() throws {
        let caller = Caller.new()
        try send(1)
        _ = broker.poll("q", waitSeconds: 0, for: caller)
        let share = try #require(caller.takeAnswerShare())
        #expect(broker.engine.answerRoom.usedSizeBytes == 30_000)
        share.resize(toBytes: 40_000)
        #expect(broker.engine.answerRoom.usedSizeBytes == 40_000)
    }

    @Test func `short answers do not count`() throws {
        let caller = Caller.new()
        try send(1, sizeBytes: 1_000)
        _ = broker.poll("q", waitSeconds: 0, for: caller)
        #expect(caller.takeAnswerShare() == nil)
        #expect(broker.engine.answerRoom.usedSizeBytes == 0)
    }

    @Test func `receives that wait in a row are looked at one after another`() throws {
        var configuration = EngineConfiguration()
        configuration.answersSizeBytesMax = 50_000
        let broker = Broker(isStepwise: true, configuration: configuration)
        try broker.create("q")
        for _ in 0..<6 { try broker.send(MessageInput(body: [UInt8](repeating: 65, count: 30_000)), to: "q") }
        let callers = (0..<6).map { _ in Caller.new() }
        var answers: [Answer] = []
        for caller in callers {
            answers.append(broker.poll("q", waitSeconds: 0, for: caller))
            // Each batch is told before the next one begins.
            broker.stepwise?.step()
        }
        #expect(answers.map { $0.messages?.count } == [1, 1, nil, nil, nil, nil])
        withExtendedLifetime(callers) {}
    }
}
