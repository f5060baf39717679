import QueueModel
import SQSWire
import Testing

@Suite struct DeleteQueueTests {
    @Test func `the queue is read and the answer has no bytes`() throws {
        #expect(try decode("DeleteQueue", #"{"QueueUrl":"q"}"#) == .deleteQueue(DeleteQueueRequest(queueUrl: "q")))
        #expect(refusal("DeleteQueue", "{}") == .missingParameter("QueueUrl"))
        #expect(encode(.deleteQueue) == "")
    }
}
