import QueueModel
import SQSWire
import Testing

@Suite struct CreateQueueTests {
    @Test func `name and attributes are read, and an empty map of tags is none`() throws {
        let attributes = ["DelaySeconds": "5", "RedrivePolicy": #"{"maxReceiveCount":3}"#]
        let body =
            #"{"QueueName":"q","tags":{},"#
            + #""Attributes":{"DelaySeconds":"4","RedrivePolicy":"{\"maxReceiveCount\":3}","#
            + #""Policy":null,"DelaySeconds":"5"}}"#
        #expect(
            try decode("CreateQueue", body)
                == .createQueue(CreateQueueRequest(queueName: "q", attributes: attributes))
        )
        #expect(
            try decode("CreateQueue", #"{"QueueName":"q"}"#)
                == .createQueue(CreateQueueRequest(queueName: "q", attributes: [:]))
        )
    }

    @Test func `tags are refused, not dropped`() {
        #expect(
            refusal("CreateQueue", #"{"QueueName":"q","tags":{"team":"a"}}"#)
                == .unsupportedOperation("Tags are not supported yet.")
        )
    }

    @Test func `without a name the parameter is missing`() {
        #expect(refusal("CreateQueue", "{}") == .missingParameter("QueueName"))
    }

    @Test func `an attribute that is a number is a serialization error, for attributes are strings`() {
        #expect(
            refusal("CreateQueue", #"{"QueueName":"q","Attributes":{"DelaySeconds":5}}"#)
                == serialization("NUMBER_VALUE can not be converted to a String")
        )
    }

    @Test func `the answer has the URL`() {
        #expect(
            encode(.createQueue(CreateQueueResult(queueUrl: "http://h:1/0/q"))) == #"{"QueueUrl":"http://h:1/0/q"}"#
        )
    }
}
