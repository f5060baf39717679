import QueueEngine
import QueueModel
import Testing

@Suite struct LongPollLimitTests {
    private let broker: Broker

    init() throws {
        var configuration = EngineConfiguration()
        configuration.longPollsMax = 2
        broker = Broker(configuration: configuration)
        try broker.create("q")
    }

    @Test func `a receive that may wait is answered at once if as many wait as may`() throws {
        let waiting = (0..<2).map { _ in broker.poll("q") }
        #expect(broker.poll("q").bodies == [])
        #expect(waiting.map(\.count) == [0, 0])
        #expect(broker.engine.longPollsWaiting == 2)
        try broker.send("m", to: "q")
        #expect(waiting.map(\.count) == [1, 0])
    }

    @Test func `a receive without a wait of its own is answered at once, too`() throws {
        try broker.create("waiting", ["ReceiveMessageWaitTimeSeconds": "20"])
        let waiting = (0..<2).map { _ in broker.poll("waiting", waitSeconds: nil) }
        #expect(broker.poll("waiting", waitSeconds: nil).bodies == [])
        #expect(waiting.map(\.count) == [0, 0])
    }

    @Test func `whoever is answered, leaves or has waited long enough makes room for another`() throws {
        let caller = Caller.new()
        _ = broker.poll("q", for: caller)
        let second = broker.poll("q", waitSeconds: 5)
        caller.leave()
        #expect(broker.engine.longPollsWaiting == 1)
        let third = broker.poll("q")
        broker.timers.advance(milliseconds: 5_000)
        #expect(second.bodies == [])
        let fourth = broker.poll("q")
        try broker.send("m", to: "q")
        #expect(third.bodies == ["m"])
        #expect(fourth.count == 0)
        #expect(broker.engine.longPollsWaiting == 1)
        broker.engine.endLongPolls()
        #expect(broker.engine.longPollsWaiting == 0)
    }

    @Test func `messages are received past the limit as ever`() throws {
        for _ in 0..<2 { _ = broker.poll("q") }
        try broker.create("other")
        try broker.send("m", to: "other")
        #expect(broker.poll("other").bodies == ["m"])
        #expect(broker.engine.longPollsWaiting == 2)
    }

    @Test func `a poll that can't wait is not told OverLimit, which is for short polls`() throws {
        var configuration = EngineConfiguration()
        configuration.longPollsMax = 0
        let broker = Broker(inFlightMessagesMax: 1, configuration: configuration)
        try broker.create("q")
        for body in ["a", "b"] { try broker.send(body, to: "q") }
        #expect(try broker.receive("q").count == 1)
        #expect(broker.poll("q").bodies == [])
        #expect(broker.poll("q", waitSeconds: 0).error == .overLimit)
    }
}
