import QueueEngine
import QueueModel
import ReferenceStore
import Testing

/// What can happen while a receive is at the store.
@Suite struct LongPollRaceTests {
    private let broker = Broker(isStepwise: true)
    private let store: StepwiseStore

    init() throws {
        store = try #require(broker.stepwise)
        try broker.create("q")
    }

    /// A poll that is parked.
    private func parkedPoll(for caller: Caller = Caller.new(), waitSeconds: Int = 20) -> Answer {
        let poll = broker.poll("q", waitSeconds: waitSeconds, for: caller)
        store.drain()
        return poll
    }

    private func beginSending(_ body: String) {
        broker.begin(.sendMessage(SendMessageRequest(queueUrl: "q", message: MessageInput(body: Array(body.utf8)))))
    }

    @Test func `a message sent in the batch of an empty receive wakes its poll`() {
        let poll = broker.poll("q")
        beginSending("same batch")
        store.step()
        #expect(poll.count == 0)
        store.drain()
        #expect(poll.bodies == ["same batch"])
    }

    @Test func `a receive whose caller left before its turn takes nothing`() throws {
        let caller = Caller.new()
        beginSending("stays")
        let poll = broker.poll("q", for: caller)
        caller.leave()
        store.drain()
        #expect(poll.count == 1)
        #expect(try broker.receive("q").map(\.body) == [Array("stays".utf8)])
    }

    @Test func `a wake-up that meets a caller who left goes to the next poll`() {
        let caller = Caller.new()
        let left = parkedPoll(for: caller)
        let stayed = parkedPoll()
        beginSending("passed on")
        store.step()
        #expect(store.waiting.count == 1)
        caller.leave()
        store.drain()
        #expect(left.bodies == [])
        #expect(stayed.bodies == ["passed on"])
    }

    @Test func `messages of a caller who left during the commit are given back and wake the next poll`() throws {
        let caller = Caller.new()
        let later = Later()
        let request = ReceiveMessageRequest(queueUrl: "q", maxNumberOfMessages: 10, waitTimeSeconds: 20)
        let left = broker.begin(.receiveMessage(request), for: caller, on: later)
        store.drain()
        let stayed = parkedPoll()
        beginSending("given back")
        store.step()
        store.step()
        // The receive is durable, its answer is not built yet.
        caller.leave()
        later.run()
        #expect(left.bodies == [])
        store.drain()
        #expect(stayed.bodies == ["given back"])
        #expect(stayed.messages?.first?.receiptHandle.isEmpty == false)
    }

    @Test func `an answer that got lost is given back once, and not if somebody has received it since`() throws {
        beginSending("lost")
        let poll = broker.poll("q")
        store.drain()
        let lost = ReceiveMessageResult(messages: try #require(poll.messages))
        broker.engine.giveBack(lost, queueUrl: "http://localhost:9324/000000000000/q")
        #expect(try broker.receive("q").count == 1)
        broker.engine.giveBack(lost, queueUrl: "http://localhost:9324/000000000000/q")
        #expect(try broker.receive("q").isEmpty)
    }

    @Test func `a poll that is woken for nothing keeps its place in line`() throws {
        let polls = (0..<2).map { _ in parkedPoll() }
        beginSending("purged")
        store.step()
        try purgeUnderneath()
        store.drain()
        #expect(polls.map(\.count) == [0, 0])
        beginSending("next")
        store.drain()
        #expect(polls[0].bodies == ["next"])
        #expect(polls[1].count == 0)
    }

    @Test func `a poll whose message a short poll took goes on waiting, and gets it when it returns`() throws {
        let poll = parkedPoll()
        beginSending("early")
        store.step()
        let queue = try #require(QueueName("q"))
        let short = ReceiveMessagesCommand(queue: queue, visibilityTimeoutSeconds: 3)
        broker.reference.submit(Submission(.receiveMessages(short)) { _ in })
        store.drain()
        #expect(poll.count == 0)
        broker.timers.advance(milliseconds: 3_000)
        store.drain()
        #expect(poll.bodies == ["early"])
    }

    @Test func `a poll whose time is over while its receive is under way still gets the message`() {
        let poll = parkedPoll(waitSeconds: 1)
        beginSending("just in time")
        store.step()
        broker.timers.advance(milliseconds: 1_000)
        #expect(poll.count == 0)
        store.drain()
        #expect(poll.bodies == ["just in time"])
    }

    @Test func `a poll whose time is over while its receive brings nothing ends empty`() throws {
        let poll = parkedPoll(waitSeconds: 1)
        beginSending("purged")
        store.step()
        broker.timers.advance(milliseconds: 1_000)
        try purgeUnderneath()
        #expect(poll.count == 0)
        store.drain()
        #expect(poll.bodies == [])
        #expect(broker.timers.waiting == 0)
    }

    /// Empties the queue before what waits has its turn.
    private func purgeUnderneath() throws {
        let queue = try #require(QueueName("q"))
        broker.reference.submit(Submission(.purgeQueue(PurgeQueueCommand(queue: queue))) { _ in })
    }

    @Test func `a store that refuses a woken receive does not silence the polls behind it`() {
        let polls = (0..<2).map { _ in parkedPoll() }
        beginSending("later")
        store.step()
        store.fail(with: .unavailable("full"))
        #expect(polls[0].error == .serviceUnavailable("full"))
        #expect(store.waiting.isEmpty)
        broker.timers.advance(milliseconds: 1_000)
        store.drain()
        #expect(polls[1].bodies == ["later"])
    }

    @Test func `a caller that left before its receive came back is not parked`() {
        let caller = Caller.new()
        let poll = broker.poll("q", for: caller)
        store.step()
        #expect(poll.count == 0)
        caller.leave()
        #expect(poll.bodies == [])
        #expect(broker.timers.waiting == 0)
    }

    @Test func `what waits when long polls end is answered, also if it is at the store`() {
        let parked = parkedPoll()
        let atTheStore = broker.poll("q")
        broker.engine.endLongPolls()
        #expect(parked.bodies == [])
        store.drain()
        #expect(atTheStore.bodies == [])
        #expect(broker.timers.waiting == 0)
    }
}
