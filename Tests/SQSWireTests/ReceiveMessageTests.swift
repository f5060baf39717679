import Foundation
import QueueModel
import SQSWire
import Testing

@Suite struct ReceiveMessageTests {
    @Test func `all members are read, both lists of system attributes as one`() throws {
        let body = """
            {"QueueUrl":"q","AttributeNames":["SenderId"],"MessageSystemAttributeNames":["All","Nonsense"],
             "MessageAttributeNames":["Hel.*"],"MaxNumberOfMessages":10,"VisibilityTimeout":0,"WaitTimeSeconds":20,
             "ReceiveRequestAttemptId":"r"}
            """
        let expected = ReceiveMessageRequest(
            queueUrl: "q",
            systemAttributeNames: ["SenderId", "All", "Nonsense"],
            messageAttributeNames: ["Hel.*"],
            maxNumberOfMessages: 10,
            visibilityTimeoutSeconds: 0,
            waitTimeSeconds: 20,
            receiveRequestAttemptId: "r"
        )
        #expect(try decode("ReceiveMessage", body) == .receiveMessage(expected))
    }

    @Test func `what is not said is left to the engine, and limits too`() throws {
        #expect(
            try decode("ReceiveMessage", #"{"QueueUrl":"q"}"#)
                == .receiveMessage(ReceiveMessageRequest(queueUrl: "q"))
        )
        #expect(
            try decode("ReceiveMessage", #"{"QueueUrl":"q","MaxNumberOfMessages":11,"WaitTimeSeconds":-1}"#)
                == .receiveMessage(ReceiveMessageRequest(queueUrl: "q", maxNumberOfMessages: 11, waitTimeSeconds: -1))
        )
        #expect(refusal("ReceiveMessage", "{}") == .missingParameter("QueueUrl"))
    }

    @Test func `an empty receive answers an empty object`() {
        #expect(encode(.receiveMessage(ReceiveMessageResult())) == "{}")
    }

    @Test func `a bare message has no attributes and no digest of them`() {
        let message = Message(
            messageId: messageId,
            receiptHandle: "h",
            md5OfBody: digest(5),
            body: Array("a\r\n\"é\u{1}".utf8)
        )
        #expect(
            encode(.receiveMessage(ReceiveMessageResult(messages: [message])))
                == #"{"Messages":[{"MessageId":"219f8380-5770-4cc2-8c3e-5c715e145f5e","ReceiptHandle":"h","#
                + #""MD5OfBody":"00000000000000000000000000000005","Body":"a\r\n\"é\u0001"}]}"#
        )
    }

    @Test func `attributes stand under their names with their types`() {
        let message = Message(
            messageId: messageId,
            receiptHandle: "h",
            md5OfBody: digest(5),
            body: [],
            systemAttributes: [
                SystemAttribute(name: .approximateReceiveCount, value: "1"),
                SystemAttribute(name: .senderId, value: "000000000000"),
            ],
            md5OfMessageAttributes: digest(6),
            messageAttributes: [
                MessageAttribute(name: "b\"", dataType: "Binary.png", value: .binary([0, 1, 2, 255])),
                MessageAttribute(name: "s", dataType: "String", value: .string("x\ny")),
            ]
        )
        let one =
            #"{"MessageId":"\#(messageId.text)","ReceiptHandle":"h","MD5OfBody":"\#(digest(5).text)","Body":"","#
            + #""Attributes":{"ApproximateReceiveCount":"1","SenderId":"000000000000"},"#
            + #""MD5OfMessageAttributes":"\#(digest(6).text)","#
            + #""MessageAttributes":{"b\"":{"BinaryValue":"AAEC/w==","DataType":"Binary.png"},"#
            + #""s":{"StringValue":"x\ny","DataType":"String"}}}"#
        #expect(
            encode(.receiveMessage(ReceiveMessageResult(messages: [message, message])))
                == #"{"Messages":[\#(one),\#(one)]}"#
        )
    }

    @Test func `what is sent comes back as it was, whatever it is`() throws {
        for seed in 0..<300 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let body = generator.text(lengthMax: 200)
            let name = generator.text(lengthMax: 20)
            let text = generator.text(lengthMax: 50)
            let bytes = (0..<generator.below(50)).map { _ in UInt8(generator.below(256)) }
            let request: [String: Any] = [
                "QueueUrl": "q", "MessageBody": body,
                "MessageAttributes": [
                    name: ["DataType": "String", "StringValue": text],
                    name + "b": ["DataType": "Binary", "BinaryValue": Data(bytes).base64EncodedString()],
                ],
            ]
            let sent = try decode("SendMessage", bytes: Array(JSONSerialization.data(withJSONObject: request)))
            guard case .sendMessage(let send) = sent else { throw Failure.anotherOperation }
            let attributes = send.message.attributes.sorted { $0.name.utf8.count < $1.name.utf8.count }
            #expect(send.message.body == Array(body.utf8))
            #expect(attributes.map(\.name) == [name, name + "b"])
            #expect(attributes.map(\.stringValue) == [text, nil])
            #expect(attributes.map(\.binaryValue) == [nil, bytes])

            let message = Message(
                messageId: messageId,
                receiptHandle: text,
                md5OfBody: digest(5),
                body: send.message.body,
                messageAttributes: [
                    MessageAttribute(name: name, dataType: "String", value: .string(text)),
                    MessageAttribute(name: name + "b", dataType: "Binary", value: .binary(bytes)),
                ]
            )
            let answer = encode(.receiveMessage(ReceiveMessageResult(messages: [message])))
            let read = try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: [[String: Any]]]
            let received = try #require(read?["Messages"]?.first)
            #expect((received["Body"] as? String)?.utf8.elementsEqual(body.utf8) == true, "seed \(seed)")
            #expect((received["ReceiptHandle"] as? String)?.utf8.elementsEqual(text.utf8) == true, "seed \(seed)")
            let values = try #require(received["MessageAttributes"] as? [String: [String: String]])
            #expect(values[name] == ["DataType": "String", "StringValue": text], "seed \(seed)")
            #expect(
                values[name + "b"] == ["DataType": "Binary", "BinaryValue": Data(bytes).base64EncodedString()],
                "seed \(seed)"
            )
        }
    }

    private enum Failure: Error {
        case anotherOperation
    }
}
