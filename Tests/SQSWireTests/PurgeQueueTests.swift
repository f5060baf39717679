import QueueModel
import SQSWire
import Testing

@Suite struct PurgeQueueTests {
    @Test func `the queue is read and the answer has no bytes`() throws {
        #expect(try decode("PurgeQueue", #"{"QueueUrl":"q"}"#) == .purgeQueue(PurgeQueueRequest(queueUrl: "q")))
        #expect(refusal("PurgeQueue", "{}") == .missingParameter("QueueUrl"))
        #expect(encode(.purgeQueue) == "")
    }
}
