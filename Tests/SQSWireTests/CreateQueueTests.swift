import QueueModel
import SQSWire
import Testing

@Suite struct CreateQueueTests {
    @Test func `name and attributes are read`() throws {
        let attributes = ["DelaySeconds": "5", "RedrivePolicy": #"{"maxReceiveCount":3}"#]
        let body =
            #"{"QueueName":"q","#
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

    @Test func `tags are read under their small name`() throws {
        #expect(
            try decode("CreateQueue", #"{"QueueName":"q","tags":{"team":"a","Team":"","x":null}}"#)
                == .createQueue(CreateQueueRequest(queueName: "q", tags: ["team": "a", "Team": ""]))
        )
        #expect(
            try decode("CreateQueue", #"{"QueueName":"q","tags":{},"Tags":{"team":"a"}}"#)
                == .createQueue(CreateQueueRequest(queueName: "q"))
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
