import QueueModel
import SQSWire
import Testing

@Suite struct GetQueueUrlTests {
    @Test func `the name is read, and whose queue it is does not matter`() throws {
        for rest in ["", #","QueueOwnerAWSAccountId":"123456789012""#, #","QueueOwnerAWSAccountId":"me""#] {
            #expect(
                try decode("GetQueueUrl", #"{"QueueName":"q"\#(rest)}"#)
                    == .getQueueUrl(GetQueueUrlRequest(queueName: "q"))
            )
        }
        #expect(refusal("GetQueueUrl", "{}") == .missingParameter("QueueName"))
    }

    @Test func `the answer has the URL`() {
        #expect(encode(.getQueueUrl(GetQueueUrlResult(queueUrl: "u"))) == #"{"QueueUrl":"u"}"#)
    }
}
