import QueueModel
import SQSWire
import Testing

@Suite struct CreateQueueTests {
    @Test func `name and attributes are read, and an empty map of tags is none`() throws {
        let attributes = ["DelaySeconds": "5", "RedrivePolicy": #"{"maxReceiveCount":3}"#]
        let body =
            #"{"QueueName":"q","tags":{},"#
            + #""Attributes":{"DelaySeconds":"4","RedrivePolicy":"{\"maxReceiveCount\":3}","Policy":null,"DelaySeconds":"5"}}"#
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

@Suite struct GetQueueUrlTests {
    @Test func `the name is read, and whose queue it is does not matter`() throws {
        for rest in ["", #","QueueOwnerAWSAccountId":"123456789012""#, #","QueueOwnerAWSAccountId":"me""#] {
            #expect(
                try decode("GetQueueUrl", #"{"QueueName":"q"\#(rest)}"#)
                    == .getQueueUrl(GetQueueUrlRequest(queueName: "q"))
            )
        }
        #expect(refusal("GetQueueUrl", "{}") == .missingParameter("QueueName"))
    }

    @Test func `the answer has the URL`() {
        #expect(encode(.getQueueUrl(GetQueueUrlResult(queueUrl: "u"))) == #"{"QueueUrl":"u"}"#)
    }
}

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

@Suite struct PurgeQueueTests {
    @Test func `the queue is read and the answer has no bytes`() throws {
        #expect(try decode("PurgeQueue", #"{"QueueUrl":"q"}"#) == .purgeQueue(PurgeQueueRequest(queueUrl: "q")))
        #expect(refusal("PurgeQueue", "{}") == .missingParameter("QueueUrl"))
        #expect(encode(.purgeQueue) == "")
    }
}

@Suite struct DeleteQueueTests {
    @Test func `the queue is read and the answer has no bytes`() throws {
        #expect(try decode("DeleteQueue", #"{"QueueUrl":"q"}"#) == .deleteQueue(DeleteQueueRequest(queueUrl: "q")))
        #expect(refusal("DeleteQueue", "{}") == .missingParameter("QueueUrl"))
        #expect(encode(.deleteQueue) == "")
    }
}
