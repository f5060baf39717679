import QueueModel
import SQSWire
import Testing

@Suite struct ListQueuesTests {
    @Test func `prefix, page and token are read`() throws {
        #expect(
            try decode("ListQueues", #"{"QueueNamePrefix":"p","MaxResults":2,"NextToken":"t"}"#)
                == .listQueues(ListQueuesRequest(queueNamePrefix: "p", maxResults: 2, nextToken: "t"))
        )
        #expect(try decode("ListQueues", "{}") == .listQueues(ListQueuesRequest()))
    }

    @Test func `the answer leaves out what is empty`() {
        #expect(encode(.listQueues(ListQueuesResult(queueUrls: []))) == "{}")
        #expect(encode(.listQueues(ListQueuesResult(queueUrls: ["a", "b"]))) == #"{"QueueUrls":["a","b"]}"#)
        #expect(
            encode(.listQueues(ListQueuesResult(queueUrls: ["a"], nextToken: "t")))
                == #"{"QueueUrls":["a"],"NextToken":"t"}"#
        )
    }
}
