import QueueEngine
import QueueModel
import Testing

@Suite struct SendMessageTests {
    private let broker = Broker()

    init() throws {
        try broker.create("q")
    }

    private func error(of input: MessageInput) -> SQSError? {
        broker.error(of: .sendMessage(SendMessageRequest(queueUrl: "q", message: input)))
    }

    private func trace(_ value: String) -> MessageAttributeInput {
        MessageAttributeInput(name: "AWSTraceHeader", dataType: "String", stringValue: value)
    }

    @Test func `the answer has a version 4 id and the digest of the body`() throws {
        let result = try broker.send("hello", to: "q")
        #expect(result.md5OfMessageBody.text == "5d41402abc4b2a76b9719d911017c592")
        #expect(result.messageId.text.count == 36)
        #expect(Array(result.messageId.text.utf8)[14] == UInt8(ascii: "4"))
        #expect(result.md5OfMessageAttributes == nil)
        #expect(result.md5OfMessageSystemAttributes == nil)
        #expect(try broker.receive("q").map(\.messageId) == [result.messageId])
    }

    @Test func `one seed gives one row of ids, without a seed they differ`() throws {
        func ids(_ broker: Broker) throws -> [MessageID] {
            try broker.create("q")
            return try (0..<3).map { _ in try broker.send("a", to: "q").messageId }
        }
        let row = try ids(Broker(randomSeed: 5))
        #expect(Set(row).count == 3)
        #expect(try ids(Broker(randomSeed: 5)) == row)
        #expect(try ids(Broker(randomSeed: nil)) != ids(Broker(randomSeed: nil)))
    }

    @Test func `the digests with attributes are those that receives show, in whatever order they came`() throws {
        let attributes = [
            MessageAttributeInput(name: "b", dataType: "Number.float", stringValue: "-1.5e3"),
            MessageAttributeInput(name: "a", dataType: "String", stringValue: "x"),
            MessageAttributeInput(name: "c", dataType: "Binary", binaryValue: [0, 255]),
        ]
        let sent = try broker.send(MessageInput(body: Array("hello".utf8), attributes: attributes), to: "q")
        #expect(sent.md5OfMessageBody.text == "5d41402abc4b2a76b9719d911017c592")
        let received = try #require(try broker.receive("q") { $0.messageAttributeNames = ["All"] }.first)
        #expect(received.md5OfMessageAttributes == sent.md5OfMessageAttributes)
        #expect(sent.md5OfMessageAttributes != nil)
        #expect(received.messageAttributes.map(\.name) == ["a", "b", "c"])
        #expect(received.messageAttributes.map(\.value) == [.string("x"), .string("-1.5e3"), .binary([0, 255])])
    }

    @Test func `an empty body is a missing one, and characters that XML lacks are refused`() {
        #expect(error(of: MessageInput(body: [])) == .missingParameter("MessageBody"))
        for body in ["\u{1}", "a\u{8}", "long enough to take words \u{FFFF}", "\u{FFFE}"] {
            #expect(error(of: MessageInput(body: Array(body.utf8)))?.code == "InvalidMessageContents")
        }
        #expect(error(of: MessageInput(body: Array("\t\r\n \u{7F} \u{FFFD} \u{10FFFF} \u{FF21}".utf8))) == nil)
    }

    @Test func `a message as long as the queue's limit is taken, a longer one is refused`() throws {
        try broker.create("small", ["MaximumMessageSize": "1024"])
        let attribute = MessageAttributeInput(name: "abc", dataType: "String", stringValue: "x")
        let body = [UInt8](repeating: 65, count: 1_014)
        try broker.send(MessageInput(body: body, attributes: [attribute]), to: "small")
        let longer = MessageInput(body: body + [65], attributes: [attribute])
        #expect(
            broker.error(of: .sendMessage(SendMessageRequest(queueUrl: "small", message: longer)))
                == .invalidParameterValue(
                    "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes."
                )
        )
    }

    @Test func `a message too long for any queue is refused with its queue's limit`() throws {
        try broker.create("small", ["MaximumMessageSize": "2048"])
        let long = MessageInput(body: [UInt8](repeating: 65, count: 1_048_577))
        for (queue, limit) in [("q", 1_048_576), ("small", 2_048)] {
            #expect(
                broker.error(of: .sendMessage(SendMessageRequest(queueUrl: queue, message: long)))
                    == .messageTooLong(limitBytes: limit)
            )
        }
        #expect(
            broker.error(of: .sendMessage(SendMessageRequest(queueUrl: "missing", message: long))) == .queueDoesNotExist
        )
        #expect(error(of: MessageInput(body: [UInt8](repeating: 65, count: 1_048_576))) == nil)
    }

    @Test func `DelaySeconds hides the message, and is 0 to 900`() throws {
        try broker.send("later", to: "q", delaySeconds: 900)
        #expect(try broker.receive("q").isEmpty)
        broker.timers.advance(milliseconds: 900_000)
        #expect(try broker.receive("q").count == 1)
        for seconds in [-1, 901] {
            #expect(
                error(of: MessageInput(body: [65], delaySeconds: seconds))
                    == .invalidParameterValue(
                        "Value \(seconds) for parameter DelaySeconds is invalid. "
                            + "Reason: DelaySeconds must be >= 0 and <= 900."
                    )
            )
        }
    }

    @Test func `a standard queue takes a group, and shows it, but no deduplication id`() throws {
        #expect(
            error(of: MessageInput(body: [65], messageDeduplicationId: "d"))
                == .invalidParameterValue(
                    "Value d for parameter MessageDeduplicationId is invalid. "
                        + "Reason: The request include parameter that is not valid for this queue type."
                )
        )
        let sent = try broker.send(MessageInput(body: [65], messageGroupId: "g"), to: "q")
        #expect(sent.sequenceNumber == nil)
        let message = try #require(try broker.receive("q") { $0.systemAttributeNames = ["MessageGroupId"] }.first)
        #expect(message.systemAttributes == [SystemAttribute(name: .messageGroupId, value: "g")])
        for group in ["", "a b", "ü", String(repeating: "g", count: 129)] {
            #expect(
                error(of: MessageInput(body: [65], messageGroupId: group))
                    == .invalidParameterValue(
                        "Value \(group) for parameter MessageGroupId is invalid. Reason: MessageGroupId can only "
                            + "include alphanumeric and punctuation characters. 1 to 128 in length."
                    )
            )
        }
    }

    @Test func `a trace header of more than 1024 bytes is refused as an attribute and ignored as a header`() throws {
        let longest = String(repeating: "t", count: 1_024)
        #expect(error(of: MessageInput(body: [65], systemAttributes: [trace(longest)])) == nil)
        #expect(
            error(of: MessageInput(body: [65], systemAttributes: [trace(longest + "t")]))?.code
                == "InvalidParameterValue"
        )
        _ = try broker.receive("q")
        for (header, expected) in [(longest, longest), (longest + "t", nil)] as [(String, String?)] {
            try broker.send(MessageInput(body: [65]), to: "q", for: .new(traceHeader: header))
            let message = try #require(try broker.receive("q") { $0.systemAttributeNames = ["AWSTraceHeader"] }.first)
            #expect(message.systemAttributes.first?.value == expected)
        }
    }

    @Test func `AWSTraceHeader has a digest of its own and wins over the request's header`() throws {
        let caller = Caller.new(traceHeader: "Root=header")
        let input = MessageInput(body: [65], systemAttributes: [trace("Root=attribute")])
        let sent = try broker.send(input, to: "q", for: caller)
        #expect(sent.md5OfMessageSystemAttributes != nil)
        #expect(sent.md5OfMessageAttributes == nil)
        let byHeader = try broker.send(MessageInput(body: [65]), to: "q", for: caller)
        #expect(byHeader.md5OfMessageSystemAttributes == nil)
        let messages = try broker.receive("q") {
            $0.maxNumberOfMessages = 2
            $0.systemAttributeNames = ["AWSTraceHeader"]
        }
        #expect(messages.map { $0.systemAttributes.map(\.value) } == [["Root=attribute"], ["Root=header"]])
    }

    @Test func `the only system attribute is AWSTraceHeader of type String`() {
        for attributes in [
            [MessageAttributeInput(name: "Other", dataType: "String", stringValue: "x")],
            [MessageAttributeInput(name: "AWSTraceHeader", dataType: "Number", stringValue: "1")],
            [trace("")], [trace("\u{1}")], [trace("a"), trace("b")],
        ] {
            #expect(
                error(of: MessageInput(body: [65], systemAttributes: attributes))?.code == "InvalidParameterValue"
            )
        }
    }

    @Test func `what the store says of itself becomes an error that SDKs know`() throws {
        let broker = Broker(isStepwise: true)
        let store = try #require(broker.stepwise)
        let request = SQSRequest.sendMessage(SendMessageRequest(queueUrl: "q", message: MessageInput(body: [65])))
        let full = broker.begin(request)
        store.fail(with: .unavailable("The disk is full."))
        #expect(full.error == .serviceUnavailable("The disk is full."))
        let failed = broker.begin(request)
        store.fail(with: .failed)
        #expect(failed.error == .internalFailure)
        #expect(failed.error?.status == 500)
    }

    @Test func `answers are told on the caller's executor, refusals at once`() {
        let later = Later()
        let request = SendMessageRequest(queueUrl: "q", message: MessageInput(body: [65]))
        let answer = broker.begin(.sendMessage(request), on: later)
        #expect(answer.count == 0)
        later.run()
        #expect(answer.count == 1)
        let refused = SendMessageRequest(queueUrl: "q", message: MessageInput(body: []))
        #expect(broker.begin(.sendMessage(refused), on: later).count == 1)
    }
}
