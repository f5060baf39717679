import QueueModel
import SQSWire
import Testing

@Suite struct SetQueueAttributesTests {
    @Test func `queue and attributes are read, an empty value too`() throws {
        #expect(
            try decode("SetQueueAttributes", #"{"QueueUrl":"q","Attributes":{"RedrivePolicy":""}}"#)
                == .setQueueAttributes(SetQueueAttributesRequest(queueUrl: "q", attributes: ["RedrivePolicy": ""]))
        )
    }

    @Test func `without queue or attributes the parameter is missing`() {
        #expect(refusal("SetQueueAttributes", #"{"Attributes":{}}"#) == .missingParameter("QueueUrl"))
        #expect(refusal("SetQueueAttributes", #"{"QueueUrl":"q"}"#) == .missingParameter("Attributes"))
    }

    @Test func `the answer has no bytes`() {
        #expect(encode(.setQueueAttributes) == "")
    }
}
