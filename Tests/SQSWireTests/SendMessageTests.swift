import QueueModel
import SQSWire
import Testing

@Suite struct SendMessageTests {
    private func message(_ members: String) throws -> MessageInput {
        guard case .sendMessage(let request) = try decode("SendMessage", #"{"QueueUrl":"http://h/0/q",\#(members)}"#)
        else { throw Failure.anotherOperation }
        #expect(request.queueUrl == "http://h/0/q")
        return request.message
    }

    private enum Failure: Error {
        case anotherOperation
    }

    @Test func `all members are read`() throws {
        let body = """
            {"QueueUrl": "http://localhost:9324/000000000000/orders", "MessageBody": "hello", "DelaySeconds": 7,
             "MessageGroupId": "g", "MessageDeduplicationId": "d",
             "MessageAttributes": {
               "kind": {"DataType": "String", "StringValue": "order"},
               "price": {"DataType": "Number.float", "StringValue": "1.50"},
               "raw": {"DataType": "Binary", "BinaryValue": "AAEC/w=="}},
             "MessageSystemAttributes": {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5-3"}}}
            """
        let expected = SendMessageRequest(
            queueUrl: "http://localhost:9324/000000000000/orders",
            message: MessageInput(
                body: Array("hello".utf8),
                delaySeconds: 7,
                attributes: [
                    MessageAttributeInput(name: "kind", dataType: "String", stringValue: "order"),
                    MessageAttributeInput(name: "price", dataType: "Number.float", stringValue: "1.50"),
                    MessageAttributeInput(name: "raw", dataType: "Binary", binaryValue: [0, 1, 2, 255]),
                ],
                systemAttributes: [
                    MessageAttributeInput(name: "AWSTraceHeader", dataType: "String", stringValue: "Root=1-5-3")
                ],
                messageGroupId: "g",
                messageDeduplicationId: "d"
            )
        )
        #expect(try decode("SendMessage", body) == .sendMessage(expected))
    }

    @Test func `without QueueUrl the parameter is missing`() {
        #expect(refusal("SendMessage", #"{"MessageBody":"b"}"#) == .missingParameter("QueueUrl"))
        #expect(
            refusal("SendMessage", "{}")?.message == "The request must contain the parameter QueueUrl."
        )
    }

    @Test func `a missing body is read as an empty one`() throws {
        #expect(
            try decode("SendMessage", #"{"QueueUrl":"q"}"#)
                == .sendMessage(SendMessageRequest(queueUrl: "q", message: MessageInput(body: [])))
        )
    }

    @Test func `carriage returns, quotes, entities and every kind of letter arrive byte for byte`() throws {
        let body = "a\r\n\"&quot;\\ é€😀\t\u{0}\u{FFFF}"
        let json = #""MessageBody":"a\r\n\"&quot;\\ é\u20ac\ud83d\ude00\t\u0000\uFFFF""#
        #expect(try message(json).body == Array(body.utf8))
    }

    @Test func `a large body arrives whole`() throws {
        let body = String(repeating: "0123456789abcdef", count: 65_536)
        #expect(try message("\"MessageBody\":\"\(body)\"").body == Array(body.utf8))
        #expect(try message("\"MessageBody\":\"\(body)\\n\"").body == Array("\(body)\n".utf8))
    }

    @Test func `an attribute without DataType, or with nothing at all, is left to the engine`() throws {
        let input = try message(#""MessageAttributes":{"a":{"StringValue":"x"},"b":{}}"#)
        #expect(
            input.attributes == [
                MessageAttributeInput(name: "a", dataType: "", stringValue: "x"),
                MessageAttributeInput(name: "b", dataType: ""),
            ]
        )
    }

    @Test func `list values are noted if there are any`() throws {
        for (value, expected) in [("[]", false), ("null", false), ("[\"eA==\"]", true)] {
            for member in ["StringListValues", "BinaryListValues"] {
                let input = try message(#""MessageAttributes":{"a":{"DataType":"String","\#(member)":\#(value)}}"#)
                #expect(input.attributes.map(\.hasListValues) == [expected], "\(member) \(value)")
            }
        }
    }

    @Test func `an attribute that is null is none, and of equal names the last one counts`() throws {
        let input = try message(
            #""MessageAttributes":{"a":{"DataType":"1"},"b":{"DataType":"2"},"c":null,"#
                + #""\u0061":{"DataType":"3"},"b":null}"#
        )
        #expect(input.attributes == [MessageAttributeInput(name: "a", dataType: "3")])
    }

    @Test func `names that differ only in how a letter is composed are two names`() throws {
        let input = try message(
            "\"MessageAttributes\":{\"\u{E9}\":{\"DataType\":\"1\"},\"e\u{301}\":{\"DataType\":\"2\"}}"
        )
        #expect(input.attributes.map(\.dataType) == ["1", "2"])
    }

    @Test(arguments: ["A", "AA", "AA=", "AA==\n", "A A=", "AA-_", "é==="])
    func `a BinaryValue that is not base64 is a serialization error`(value: String) throws {
        let letters = value.replacing("\n", with: "\\n")
        let body = #"{"QueueUrl":"q","MessageAttributes":{"a":{"DataType":"Binary","BinaryValue":"\#(letters)"}}}"#
        #expect(refusal("SendMessage", body)?.type == "SerializationException")
    }

    @Test func `thousands of attributes cost no more than their size`() throws {
        let one = #""n":{"DataType":"String","StringValue":"v"}"#
        let many = (0..<20_000).map { one.replacing("n\"", with: "n\($0)\"", maxReplacements: 1) }
        #expect(try message("\"MessageAttributes\":{\(many.joined(separator: ","))}").attributes.count == 20_000)
        let same = Array(repeating: one, count: 20_000)
        #expect(try message("\"MessageAttributes\":{\(same.joined(separator: ","))}").attributes.count == 1)
    }

    @Test func `the answer has id and digests, and absent members are left out`() {
        #expect(
            encode(.sendMessage(SendMessageResult(messageId: messageId, md5OfMessageBody: digest(1))))
                == #"{"MessageId":"219f8380-5770-4cc2-8c3e-5c715e145f5e","#
                + #""MD5OfMessageBody":"00000000000000000000000000000001"}"#
        )
        let result = SendMessageResult(
            messageId: messageId,
            md5OfMessageBody: digest(1),
            md5OfMessageAttributes: digest(2),
            md5OfMessageSystemAttributes: digest(3),
            sequenceNumber: "1"
        )
        #expect(
            encode(.sendMessage(result))
                == #"{"MessageId":"\#(messageId.text)","MD5OfMessageBody":"\#(digest(1).text)","#
                + #""MD5OfMessageAttributes":"\#(digest(2).text)","#
                + #""MD5OfMessageSystemAttributes":"\#(digest(3).text)","SequenceNumber":"1"}"#
        )
    }
}
