import QueueModel
import SQSWire
import Testing

@Suite struct ListDeadLetterSourceQueuesTests {
    @Test func `all members are read`() throws {
        #expect(
            try decode("ListDeadLetterSourceQueues", #"{"QueueUrl":"q","MaxResults":2,"NextToken":"t"}"#)
                == .listDeadLetterSourceQueues(
                    ListDeadLetterSourceQueuesRequest(queueUrl: "q", maxResults: 2, nextToken: "t")
                )
        )
    }

    @Test func `the answer's URLs stand under a small name and are absent if there are none`() {
        #expect(
            encode(
                .listDeadLetterSourceQueues(ListDeadLetterSourceQueuesResult(queueUrls: ["a", "b"], nextToken: "t"))
            ) == #"{"queueUrls":["a","b"],"NextToken":"t"}"#
        )
        #expect(encode(.listDeadLetterSourceQueues(ListDeadLetterSourceQueuesResult(queueUrls: []))) == "{}")
    }
}
