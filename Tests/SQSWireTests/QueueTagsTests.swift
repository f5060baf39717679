import QueueModel
import SQSWire
import Testing

@Suite struct QueueTagsTests {
    @Test func `TagQueue reads tags, which are required`() throws {
        #expect(
            try decode("TagQueue", #"{"QueueUrl":"q","Tags":{"a":"1","A":""}}"#)
                == .tagQueue(TagQueueRequest(queueUrl: "q", tags: ["a": "1", "A": ""]))
        )
        #expect(refusal("TagQueue", #"{"QueueUrl":"q"}"#) == .missingParameter("Tags"))
    }

    @Test func `UntagQueue reads keys`() throws {
        #expect(
            try decode("UntagQueue", #"{"QueueUrl":"q","TagKeys":["b","a"]}"#)
                == .untagQueue(UntagQueueRequest(queueUrl: "q", tagKeys: ["b", "a"]))
        )
    }

    @Test func `ListQueueTags answers a map, and an empty object without tags`() throws {
        #expect(
            try decode("ListQueueTags", #"{"QueueUrl":"q"}"#)
                == .listQueueTags(ListQueueTagsRequest(queueUrl: "q"))
        )
        #expect(
            encode(.listQueueTags(ListQueueTagsResult(tags: ["b": "", "a": "\"", "A": "1"])))
                == #"{"Tags":{"A":"1","a":"\"","b":""}}"#
        )
        #expect(encode(.listQueueTags(ListQueueTagsResult(tags: [:]))) == "{}")
    }

    @Test func `what has no output has no body`() {
        for result in [SQSResult.tagQueue, .untagQueue, .addPermission, .removePermission] {
            #expect(encode(result).isEmpty)
        }
    }
}
