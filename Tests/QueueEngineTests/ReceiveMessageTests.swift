import QueueEngine
import QueueModel
import ReferenceStore
import Testing

@Suite struct ReceiveMessageTests {
    private let broker = Broker()

    init() throws {
        try broker.create("q")
    }

    private func sendWithAttributes(_ names: [String]) throws {
        let attributes = names.map { MessageAttributeInput(name: $0, dataType: "String", stringValue: "x") }
        try broker.send(MessageInput(body: [65], attributes: attributes), to: "q")
    }

    @Test(
        arguments: [
            (
                ReceiveMessageRequest(queueUrl: "q", maxNumberOfMessages: 0), "MaxNumberOfMessages", "Value 0",
                "Must be between 1 and 10, if provided."
            ),
            (
                ReceiveMessageRequest(queueUrl: "q", maxNumberOfMessages: 11), "MaxNumberOfMessages", "Value 11",
                "Must be between 1 and 10, if provided."
            ),
            (
                ReceiveMessageRequest(queueUrl: "q", waitTimeSeconds: 21), "WaitTimeSeconds", "Value 21",
                "Must be >= 0 and <= 20, if provided."
            ),
            (
                ReceiveMessageRequest(queueUrl: "q", waitTimeSeconds: -1), "WaitTimeSeconds", "Value -1",
                "Must be >= 0 and <= 20, if provided."
            ),
            (
                ReceiveMessageRequest(queueUrl: "q", visibilityTimeoutSeconds: 43_201), "VisibilityTimeout",
                "Value 43201",
                "Must be >= 0 and <= 43200, if provided."
            ),
        ] as [(ReceiveMessageRequest, String, String, String)]
    )
    func `parameters out of range are refused in AWS's words`(
        request: ReceiveMessageRequest,
        parameter: String,
        value: String,
        reason: String
    ) {
        let error = broker.error(of: .receiveMessage(request))
        #expect(error == .invalidParameterValue("\(value) for parameter \(parameter) is invalid. Reason: \(reason)"))
    }

    @Test func `a standard queue makes nothing of an attempt id, whatever it is`() throws {
        for body in ["a", "b"] { try broker.send(body, to: "q") }
        let received = try ["x", "x", "a b"].map { attempt in
            try broker.receive("q") { $0.receiveRequestAttemptId = attempt }
        }
        #expect(received.map(\.count) == [1, 1, 0])
        #expect(received[0].first?.messageId != received[1].first?.messageId)
    }

    @Test func `one message comes unless more are asked for, at most ten`() throws {
        for _ in 0..<12 { try broker.send("a", to: "q") }
        #expect(try broker.receive("q").count == 1)
        #expect(try broker.receive("q") { $0.maxNumberOfMessages = 10 }.count == 10)
        #expect(try broker.receive("q") { $0.maxNumberOfMessages = 10 }.count == 1)
    }

    @Test func `all system attributes of a message are those that AWS shows, by name`() throws {
        try broker.send("a", to: "q")
        broker.timers.advance(milliseconds: 1_000)
        let message = try #require(try broker.receive("q") { $0.systemAttributeNames = ["SenderId", "All"] }.first)
        #expect(
            message.systemAttributes == [
                SystemAttribute(name: .approximateFirstReceiveTimestamp, value: "1700000001123"),
                SystemAttribute(name: .approximateReceiveCount, value: "1"),
                SystemAttribute(name: .senderId, value: "000000000000"),
                SystemAttribute(name: .sentTimestamp, value: "1700000000123"),
            ]
        )
    }

    @Test func `system attributes that do not apply are left out, unknown ones are refused`() throws {
        try broker.send("a", to: "q")
        let request = ReceiveMessageRequest(queueUrl: "q", systemAttributeNames: ["Foobar"])
        #expect(broker.error(of: .receiveMessage(request)) == .invalidAttributeName("Unknown Attribute Foobar."))
        let message = try #require(
            try broker.receive("q") { $0.systemAttributeNames = ["SequenceNumber", "SenderId"] }.first
        )
        #expect(message.systemAttributes.map(\.name) == [.senderId])
    }

    @Test func `a dead-letter queue shows where a message came from and goes on counting`() throws {
        try broker.create("dead")
        let policy = #"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":1}"#
        try broker.create("source", ["RedrivePolicy": policy, "VisibilityTimeout": "0"])
        let sent = try broker.send("poison", to: "source")
        #expect(try broker.receive("source").count == 1)
        #expect(try broker.receive("source").isEmpty)
        let message = try #require(try broker.receive("dead") { $0.systemAttributeNames = ["All"] }.first)
        #expect(message.messageId == sent.messageId)
        let values = Dictionary(uniqueKeysWithValues: message.systemAttributes.map { ($0.name, $0.value) })
        #expect(values[.deadLetterQueueSourceArn] == "arn:aws:sqs:us-east-1:000000000000:source")
        #expect(values[.approximateReceiveCount] == "2")
    }

    @Test(
        arguments: [
            ([], []), (["All"], ["Hello", "Help.Me", "hello", "other"]),
            ([".*"], ["Hello", "Help.Me", "hello", "other"]),
            (["*"], ["Hello", "Help.Me", "hello", "other"]), (["Hel.*"], ["Hello", "Help.Me"]), (["Help"], []),
            (["Help.Me", "other"], ["Help.Me", "other"]), (["AWS.", "..foo", ""], []),
            (["nothing", "Hello"], ["Hello"]),
        ] as [([String], [String])]
    )
    func `message attributes come by name, by prefix or all, with a digest of those`(
        asked: [String],
        expected: [String]
    ) throws {
        try sendWithAttributes(["other", "Hello", "hello", "Help.Me"])
        let message = try #require(try broker.receive("q") { $0.messageAttributeNames = asked }.first)
        #expect(message.messageAttributes.map(\.name) == expected)
        #expect(message.md5OfMessageAttributes == MD5Digest(ofAttributes: message.messageAttributes))
        #expect((message.md5OfMessageAttributes == nil) == expected.isEmpty)
    }

    @Test(
        arguments: [
            (["\u{e9}"], ["\u{e9}"]), (["e\u{301}"], ["e\u{301}"]), (["\u{e9}.*"], ["\u{e9}"]),
            (["e\u{301}.*"], ["e\u{301}"]), (["e.*"], ["e\u{301}"]), (["All"], ["e\u{301}", "\u{e9}"]),
        ] as [([String], [String])]
    )
    func `names are told apart by their bytes, not by how they look`(asked: [String], expected: [String]) throws {
        try sendWithAttributes(["\u{e9}", "e\u{301}"])
        let message = try #require(try broker.receive("q") { $0.messageAttributeNames = asked }.first)
        #expect(message.messageAttributes.map { Array($0.name.utf8) } == expected.map { Array($0.utf8) })
    }

    @Test func `a damaged message is not handed out, the others are`() throws {
        let store = DamagedStore()
        let damaged = Broker(store: store)
        try damaged.create("q")
        for body in ["good", "bad", "fine"] { try damaged.send(body, to: "q") }
        let messages = try damaged.receive("q") { $0.maxNumberOfMessages = 10 }
        #expect(messages.map { String(decoding: $0.body, as: UTF8.self) } == ["good", "fine"])
        #expect(damaged.critical.count == 1)
        #expect(damaged.critical.allSatisfy { !$0.contains("b!d") })
    }
}
