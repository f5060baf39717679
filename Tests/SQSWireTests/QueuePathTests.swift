import NIOCore
import QueueModel
import SQSWire
import Testing

@Suite struct QueuePathTests {
    private func purge(_ body: String, path: Substring) throws(SQSError) -> SQSRequest {
        try AWSJSON.decode(target: "AmazonSQS.PurgeQueue", body: ByteBuffer(string: body), path: path)
    }

    @Test func `the path of a queue stands in for a missing QueueUrl`() throws {
        let path: Substring = "/000000000000/orders"
        #expect(try purge("{}", path: path) == .purgeQueue(PurgeQueueRequest(queueUrl: "/000000000000/orders")))
        #expect(try purge("", path: path) == .purgeQueue(PurgeQueueRequest(queueUrl: "/000000000000/orders")))
    }

    @Test func `the path of a queue stands in for an empty QueueUrl`() throws {
        let request = try purge(#"{"QueueUrl":""}"#, path: "/000000000000/orders")
        #expect(request == .purgeQueue(PurgeQueueRequest(queueUrl: "/000000000000/orders")))
        #expect(try purge(#"{"QueueUrl":""}"#, path: "/") == .purgeQueue(PurgeQueueRequest(queueUrl: "")))
    }

    @Test func `a QueueUrl wins over the path`() throws {
        let request = try purge(#"{"QueueUrl":"letters"}"#, path: "/000000000000/orders")
        #expect(request == .purgeQueue(PurgeQueueRequest(queueUrl: "letters")))
    }

    @Test(arguments: ["/", "", "/orders"])
    func `another path names no queue`(path: Substring) {
        #expect(throws: SQSError.missingParameter("QueueUrl")) { try purge("{}", path: path) }
    }
}
