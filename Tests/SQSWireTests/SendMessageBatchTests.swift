import QueueModel
import SQSWire
import Testing

@Suite struct SendMessageBatchTests {
    @Test func `entries are read in order, each with all its members`() throws {
        let body = """
            {"QueueUrl":"q","Entries":[
              {"Id":"a","MessageBody":"x","DelaySeconds":0,"MessageGroupId":"g","MessageDeduplicationId":"d",
               "MessageAttributes":{"n":{"DataType":"Number","StringValue":"1"}},
               "MessageSystemAttributes":{"AWSTraceHeader":{"DataType":"String","StringValue":"t"}}},
              {"Id":"","MessageBody":""},{"Id":"a"}]}
            """
        let full = MessageInput(
            body: Array("x".utf8),
            delaySeconds: 0,
            attributes: [MessageAttributeInput(name: "n", dataType: "Number", stringValue: "1")],
            systemAttributes: [MessageAttributeInput(name: "AWSTraceHeader", dataType: "String", stringValue: "t")],
            messageGroupId: "g",
            messageDeduplicationId: "d"
        )
        let entries = [
            SendMessageBatchRequestEntry(id: "a", message: full),
            SendMessageBatchRequestEntry(id: "", message: MessageInput(body: [])),
            SendMessageBatchRequestEntry(id: "a", message: MessageInput(body: [])),
        ]
        #expect(
            try decode("SendMessageBatch", body)
                == .sendMessageBatch(SendMessageBatchRequest(queueUrl: "q", entries: entries))
        )
    }

    @Test func `no entries are read as none, for the engine has the words for that`() throws {
        for rest in ["", #","Entries":[]"#, #","Entries":null"#] {
            #expect(
                try decode("SendMessageBatch", #"{"QueueUrl":"q"\#(rest)}"#)
                    == .sendMessageBatch(SendMessageBatchRequest(queueUrl: "q", entries: []))
            )
        }
    }

    @Test func `an entry without an id is named with its place`() {
        #expect(
            refusal("SendMessageBatch", #"{"QueueUrl":"q","Entries":[{"Id":"a"},{"MessageBody":"x"}]}"#)
                == .missingParameter("SendMessageBatchRequestEntry.2.Id")
        )
    }

    @Test(arguments: ["null", "1", "\"x\"", "[]"])
    func `an entry that is no structure is a serialization error`(entry: String) {
        #expect(
            refusal("SendMessageBatch", #"{"QueueUrl":"q","Entries":[\#(entry)]}"#)?.type == "SerializationException"
        )
    }

    @Test func `null as an entry is told to be no structure`() {
        #expect(
            refusal("SendMessageBatch", #"{"QueueUrl":"q","Entries":[null]}"#)
                == serialization("NULL_VALUE can not be converted to a structure or map")
        )
    }

    @Test func `the answer has what went through and what failed, and only what is not empty`() {
        let sent = SendMessageBatchResultEntry(
            id: "a",
            result: SendMessageResult(
                messageId: messageId,
                md5OfMessageBody: digest(1),
                md5OfMessageAttributes: digest(2)
            )
        )
        let failed = BatchResultErrorEntry(id: "b", error: .invalidParameterValue("No."))
        let successful =
            #""Successful":[{"Id":"a","MessageId":"\#(messageId.text)","MD5OfMessageBody":"\#(digest(1).text)","#
            + #""MD5OfMessageAttributes":"\#(digest(2).text)"}]"#
        let failure = #""Failed":[{"Id":"b","SenderFault":true,"Code":"InvalidParameterValue","Message":"No."}]"#
        #expect(encode(.sendMessageBatch(SendMessageBatchResult(successful: [sent]))) == "{\(successful)}")
        #expect(encode(.sendMessageBatch(SendMessageBatchResult(failed: [failed]))) == "{\(failure)}")
        #expect(
            encode(.sendMessageBatch(SendMessageBatchResult(successful: [sent], failed: [failed])))
                == "{\(successful),\(failure)}"
        )
        #expect(encode(.sendMessageBatch(SendMessageBatchResult())) == "{}")
    }
}
