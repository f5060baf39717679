import QueueModel
import Testing

@Suite struct SendMessagesTests {
    @Test(arguments: StoreKind.underTest)
    func `a message comes out as it went in`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        let attributes = EncodedMessageAttributes([
            MessageAttribute(name: "size", dataType: "Number.float", value: .string("1.50")),
            MessageAttribute(name: "image", dataType: "Binary", value: .binary([0, 255, 0, 10])),
        ])
        let content = MessageContent(
            body: Array("a\tb\r\n\u{1F4E6} \u{e9} '\"\\".utf8),
            attributes: attributes,
            traceHeader: "Root=1-5759e988-bd862e3fe1be46a994272793",
            senderId: "AIDAEXAMPLE"
        )
        let message = store.newMessage(content)
        #expect(try store.send([message], to: .orders) == [.success(SentMessage(messageId: message.messageId))])
        let sentAt = store.now
        store.advance(milliseconds: 17)
        let received = try #require(try store.receive(.orders).first)
        #expect(received.messageId == message.messageId)
        #expect(received.content == content)
        #expect(received.content.verifiedMD5OfBody() == MD5Digest(of: content.body))
        #expect(received.sentAt == sentAt)
        #expect(received.firstReceivedAt == store.now)
        #expect(received.receiveCount == 1)
        #expect(received.deadLetterSource == nil)
        #expect(received.receipt.receiveCount == 1)
        #expect(received.receipt.receivedAt == store.now)
    }

    @Test(arguments: StoreKind.underTest)
    func `a message that is too long is refused alone`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders, [.maximumMessageSize: "1024"])
        let attributes = EncodedMessageAttributes([
            MessageAttribute(name: "name", dataType: "String", value: .string("0123456789"))
        ])
        func content(_ size: Int, _ attributes: EncodedMessageAttributes = .none) -> MessageContent {
            MessageContent(
                body: Array(repeating: 120, count: size),
                attributes: attributes,
                traceHeader: String(repeating: "t", count: 100),
                senderId: "s"
            )
        }
        // The attribute adds 4 + 6 + 10 bytes; AWSTraceHeader adds none.
        let sizes = [content(1_024), content(1_025), content(1_004, attributes), content(1_005, attributes)]
        let messages = sizes.map { store.newMessage($0) }
        let refused = Result<SentMessage, SQSError>.failure(
            SQSError(
                type: "InvalidParameterValueException",
                code: "InvalidParameterValue",
                message: "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes."
            )
        )
        let results = try store.send(messages, to: .orders)
        let taken = [0, 2].map { Result<SentMessage, SQSError>.success(SentMessage(messageId: messages[$0].messageId)) }
        #expect(results == [taken[0], refused, taken[1], refused])
        #expect(try store.receive(.orders).map(\.messageId) == [messages[0].messageId, messages[2].messageId])
    }

    @Test(arguments: StoreKind.underTest)
    func `the largest message is kept whole`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        let content = MessageContent(
            body: (0..<Limits.messageSizeBytesMax).map { UInt8(97 + $0 % 26) },
            senderId: "s"
        )
        _ = try store.send([store.newMessage(content)], to: .orders)
        #expect(try store.receive(.orders).map(\.content) == [content])
    }

    @Test(arguments: StoreKind.underTest)
    func `a delayed message can be received when its delay is over and not before`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders)
        try store.send("a", to: .orders, delaySeconds: 5)
        store.advance(seconds: 4, milliseconds: 999)
        #expect(try store.texts(.orders) == [])
        store.advance(milliseconds: 1)
        let received = try store.receive(.orders)
        #expect(received.map(\.text) == ["a"])
        #expect(received.map(\.receiveCount) == [1])
    }

    @Test(arguments: StoreKind.underTest)
    func `the message's delay goes before the queue's`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders, [.delaySeconds: "10"])
        try store.send("queue's", to: .orders)
        try store.send("none", to: .orders, delaySeconds: 0)
        try store.send("own", to: .orders, delaySeconds: 20)
        #expect(try store.texts(.orders) == ["none"])
        store.advance(seconds: 10)
        #expect(try store.texts(.orders) == ["queue's"])
        store.advance(seconds: 10)
        #expect(try store.texts(.orders) == ["own"])
    }

    @Test(arguments: StoreKind.underTest)
    func `a changed queue delay holds for messages sent later`(kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.create(.orders, [.delaySeconds: "10"])
        try store.send("before", to: .orders)
        try store.set(.orders, [.delaySeconds: "0"])
        try store.send("after", to: .orders)
        #expect(try store.texts(.orders) == ["after"])
        store.advance(seconds: 10)
        #expect(try store.texts(.orders) == ["before"])
    }
}
