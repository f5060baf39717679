import QueueModel
import SQSWire
import Testing

@Suite struct GetQueueAttributesTests {
    @Test func `queue and names are read in their order`() throws {
        #expect(
            try decode("GetQueueAttributes", #"{"QueueUrl":"q","AttributeNames":["Policy","All","Policy"]}"#)
                == .getQueueAttributes(
                    GetQueueAttributesRequest(queueUrl: "q", attributeNames: ["Policy", "All", "Policy"])
                )
        )
        #expect(refusal("GetQueueAttributes", "{}") == .missingParameter("QueueUrl"))
    }

    @Test func `the answer has names and values as strings, or nothing at all`() {
        let result = GetQueueAttributesResult(attributes: [
            ("DelaySeconds", "0"), ("Policy", #"{"Statement":[]}"#),
        ])
        #expect(
            encode(.getQueueAttributes(result))
                == #"{"Attributes":{"DelaySeconds":"0","Policy":"{\"Statement\":[]}"}}"#
        )
        #expect(encode(.getQueueAttributes(GetQueueAttributesResult(attributes: []))) == "{}")
    }
}
