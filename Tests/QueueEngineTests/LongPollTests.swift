import QueueEngine
import QueueModel
import ReferenceStore
import Testing

@Suite struct LongPollTests {
    private let broker = Broker()

    init() throws {
        try broker.create("q")
    }

    @Test func `a long poll on an empty queue waits, and a send ends it`() throws {
        let poll = broker.poll("q")
        #expect(poll.count == 0)
        try broker.send("hello", to: "q")
        #expect(poll.bodies == ["hello"])
        #expect(broker.timers.waiting == 0)
    }

    @Test func `a long poll ends empty when its time is over, and not before`() {
        let poll = broker.poll("q", waitSeconds: 3)
        broker.timers.advance(milliseconds: 2_999)
        #expect(poll.count == 0)
        broker.timers.advance(milliseconds: 1)
        #expect(poll.bodies == [])
        #expect(broker.timers.waiting == 0)
    }

    @Test func `without WaitTimeSeconds the queue's own wait holds, and zero overrules it`() throws {
        try broker.create("waiting", ["ReceiveMessageWaitTimeSeconds": "5"])
        let poll = broker.poll("waiting", waitSeconds: nil)
        #expect(broker.poll("waiting", waitSeconds: 0).bodies == [])
        #expect(poll.count == 0)
        broker.timers.advance(milliseconds: 5_000)
        #expect(poll.bodies == [])
    }

    @Test func `one message wakes one poll, the one that came first`() throws {
        let polls = (0..<3).map { _ in broker.poll("q") }
        try broker.send("one", to: "q")
        #expect(polls.map(\.count) == [1, 0, 0])
        try broker.send("two", to: "q")
        #expect(polls.map(\.count) == [1, 1, 0])
        #expect(polls[1].bodies == ["two"])
    }

    @Test func `a batch wakes as many polls as it has messages`() throws {
        let polls = (0..<4).map { _ in broker.poll("q") }
        let entries = (0..<3).map { SendMessageBatchRequestEntry(id: "\($0)", message: MessageInput(body: [65])) }
        _ = try broker.perform(.sendMessageBatch(SendMessageBatchRequest(queueUrl: "q", entries: entries)))
        #expect(polls.map(\.count) == [1, 1, 1, 0])
    }

    @Test func `a delayed message wakes one poll at the moment of its availability`() throws {
        let polls = (0..<2).map { _ in broker.poll("q") }
        try broker.send("later", to: "q", delaySeconds: 7)
        #expect(broker.timers.delays == [7_000, 20_000, 20_000])
        broker.timers.advance(milliseconds: 6_999)
        #expect(polls.map(\.count) == [0, 0])
        broker.timers.advance(milliseconds: 1)
        #expect(polls[0].bodies == ["later"])
        #expect(polls[1].count == 0)
    }

    @Test func `a message that was hidden before the poll came wakes it when its timeout ends`() throws {
        try broker.send("again", to: "q")
        #expect(try broker.receive("q") { $0.visibilityTimeoutSeconds = 4 }.count == 1)
        let poll = broker.poll("q")
        broker.timers.advance(milliseconds: 3_999)
        #expect(poll.count == 0)
        broker.timers.advance(milliseconds: 1)
        #expect(poll.bodies == ["again"])
    }

    @Test func `a shorter visibility timeout pulls the timer earlier`() throws {
        try broker.send("early", to: "q")
        let handle = try #require(try broker.receive("q").first?.receiptHandle)
        let poll = broker.poll("q")
        #expect(broker.timers.delays == [20_000, 30_000])
        let change = ChangeMessageVisibilityRequest(queueUrl: "q", receiptHandle: handle, visibilityTimeoutSeconds: 2)
        _ = try broker.perform(.changeMessageVisibility(change))
        #expect(broker.timers.delays == [2_000, 20_000])
        broker.timers.advance(milliseconds: 2_000)
        #expect(poll.bodies == ["early"])
    }

    @Test func `messages that return at the same moment wake polls one after the other until none is left`() throws {
        for body in ["a", "b", "c"] { try broker.send(body, to: "q") }
        #expect(
            try broker.receive("q") {
                $0.maxNumberOfMessages = 10
                $0.visibilityTimeoutSeconds = 5
            }.count == 3
        )
        let polls = (0..<4).map { _ in broker.poll("q") }
        broker.timers.advance(milliseconds: 5_000)
        #expect(polls.map { $0.bodies?.count } == [1, 1, 1, nil])
        // One timer for the queue and one for the poll that is left.
        #expect(broker.timers.waiting == 2)
    }

    @Test func `deleting the queue ends its polls`() throws {
        let polls = (0..<2).map { _ in broker.poll("q") }
        _ = try broker.perform(.deleteQueue(DeleteQueueRequest(queueUrl: "q")))
        #expect(polls.map(\.error) == [.queueDoesNotExist, .queueDoesNotExist])
        #expect(broker.timers.waiting == 0)
    }

    @Test func `a poll whose caller leaves ends at once and takes no message`() throws {
        let caller = Caller.new()
        let left = broker.poll("q", for: caller)
        let stayed = broker.poll("q")
        caller.leave()
        #expect(left.bodies == [])
        try broker.send("for the other", to: "q")
        #expect(stayed.bodies == ["for the other"])
        #expect(left.count == 1)
        #expect(broker.timers.waiting == 0)
    }

    @Test func `ending the long polls answers all of them, and later receives do not wait`() throws {
        try broker.create("other")
        let polls = [broker.poll("q"), broker.poll("other"), broker.poll("q")]
        broker.engine.endLongPolls()
        #expect(polls.map(\.bodies) == [[], [], []])
        #expect(broker.poll("q").bodies == [])
        #expect(broker.timers.waiting == 0)
        try broker.send("still served", to: "q")
        #expect(broker.poll("q").bodies == ["still served"])
    }

    @Test func `with too many messages in flight a short poll is refused and a long poll waits`() throws {
        let broker = Broker(inFlightMessagesMax: 1)
        try broker.create("q")
        for body in ["a", "b"] { try broker.send(body, to: "q") }
        let handle = try #require(try broker.receive("q").first?.receiptHandle)
        #expect(broker.poll("q", waitSeconds: 0).error == .overLimit)
        let poll = broker.poll("q")
        #expect(poll.count == 0)
        broker.timers.advance(milliseconds: 3_000)
        #expect(poll.count == 0)
        _ = try broker.perform(.deleteMessage(DeleteMessageRequest(queueUrl: "q", receiptHandle: handle)))
        broker.timers.advance(milliseconds: 1_000)
        #expect(poll.bodies == ["b"])
    }

    @Test func `a poll over the limit ends empty when its time is over`() throws {
        let broker = Broker(inFlightMessagesMax: 1)
        try broker.create("q")
        for body in ["a", "b"] { try broker.send(body, to: "q") }
        _ = try broker.receive("q")
        let poll = broker.poll("q", waitSeconds: 2)
        broker.timers.advance(milliseconds: 2_000)
        #expect(poll.bodies == [])
        #expect(broker.timers.waiting == 0)
    }

    @Test func `a queue's wait that is taken away while polls wait does not end them`() throws {
        try broker.create("waiting", ["ReceiveMessageWaitTimeSeconds": "20"])
        let polls = (0..<2).map { _ in broker.poll("waiting", waitSeconds: nil, count: 10) }
        let attributes = ["ReceiveMessageWaitTimeSeconds": "0"]
        _ = try broker.perform(
            .setQueueAttributes(SetQueueAttributesRequest(queueUrl: "waiting", attributes: attributes))
        )
        let entries = (0..<2).map { SendMessageBatchRequestEntry(id: "\($0)", message: MessageInput(body: [65])) }
        _ = try broker.perform(.sendMessageBatch(SendMessageBatchRequest(queueUrl: "waiting", entries: entries)))
        // The first poll takes both messages; the other is woken for nothing and goes on waiting.
        #expect(polls[0].bodies?.count == 2)
        #expect(polls[1].count == 0)
    }
}
