import QueueEngine
import QueueModel
import Testing

@Suite struct QueueOperationsTests {
    private let broker = Broker()

    private func creating(_ name: String, _ attributes: [String: String] = [:]) -> SQSRequest {
        .createQueue(CreateQueueRequest(queueName: name, attributes: attributes))
    }

    private func attributes(of queue: String, _ names: [String]) throws -> [String: String] {
        let request = GetQueueAttributesRequest(queueUrl: queue, attributeNames: names)
        guard case .getQueueAttributes(let result) = try broker.perform(.getQueueAttributes(request)) else {
            throw UnexpectedResult()
        }
        #expect(result.attributes.map(\.name) == result.attributes.map(\.name).sorted())
        return Dictionary(uniqueKeysWithValues: result.attributes.map { ($0.name, $0.value) })
    }

    private func list(_ request: ListQueuesRequest) throws -> ListQueuesResult {
        guard case .listQueues(let result) = try broker.perform(.listQueues(request)) else { throw UnexpectedResult() }
        return result
    }

    @Test func `the queue URL has the caller's host, the account and the name`() throws {
        #expect(try broker.create("orders") == "http://localhost:9324/000000000000/orders")
        let result = try broker.perform(.getQueueUrl(GetQueueUrlRequest(queueName: "orders")))
        #expect(result == .getQueueUrl(GetQueueUrlResult(queueUrl: "http://localhost:9324/000000000000/orders")))
    }

    @Test func `a queue is found by its URL on any host, its path and its bare name`() throws {
        try broker.create("orders")
        for url in ["https://elsewhere/1/orders", "/000000000000/orders", "orders"] {
            #expect(try attributes(of: url, ["DelaySeconds"]) == ["DelaySeconds": "0"])
        }
        #expect(broker.error(of: .purgeQueue(PurgeQueueRequest(queueUrl: ""))) == .missingParameter("QueueUrl"))
        for url in ["http://localhost:9324/", "a b", "missing", "http://localhost/0/missing"] {
            #expect(broker.error(of: .purgeQueue(PurgeQueueRequest(queueUrl: url))) == .queueDoesNotExist)
        }
    }

    @Test func `creating a queue again gives its URL, with another value it is refused`() throws {
        let url = try broker.create("q", ["DelaySeconds": "5", "VisibilityTimeout": "60"])
        #expect(try broker.create("q") == url)
        #expect(try broker.create("q", ["DelaySeconds": "5"]) == url)
        #expect(broker.error(of: creating("q", ["DelaySeconds": "6"])) == .queueNameExists(differing: .delaySeconds))
    }

    @Test(
        arguments: [
            ("", [:], "MissingParameter", "The request must contain the parameter QueueName."),
            (
                "a.b", [:], "InvalidParameterValue",
                "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
            ),
            (
                String(repeating: "a", count: 81), [:], "InvalidParameterValue",
                "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
            ),
            (
                "q.fifo", [:], "InvalidParameterValue",
                "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
            ),
            (
                "q.fifo", ["FifoQueue": "false"], "InvalidParameterValue",
                "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
            ),
            (
                "q", ["FifoQueue": "true"], "InvalidParameterValue",
                "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, "
                    + "must end with .fifo suffix and be 1 to 80 in length."
            ),
            ("q", ["FifoQueue": "false"], "InvalidAttributeName", "Unknown Attribute FifoQueue."),
            (
                "q", ["ContentBasedDeduplication": "true"], "InvalidAttributeName",
                "Unknown Attribute ContentBasedDeduplication."
            ),
            (
                "q", ["DeduplicationScope": "queue"], "InvalidAttributeName",
                "You can specify the DeduplicationScope only when FifoQueue is set to true."
            ),
            ("q", ["Foobar": "1"], "InvalidAttributeName", "Unknown Attribute Foobar."),
            ("q", ["QueueArn": "1"], "InvalidAttributeName", "Unknown Attribute QueueArn."),
            (
                "q", ["VisibilityTimeout": "43201"], "InvalidAttributeValue",
                "Invalid value for the parameter VisibilityTimeout."
            ),
        ] as [(String, [String: String], String, String)]
    )
    func `CreateQueue refuses bad names and attributes in AWS's words`(
        name: String,
        attributes: [String: String],
        code: String,
        message: String
    ) {
        let error = broker.error(of: creating(name, attributes))
        #expect(error?.code == code)
        #expect(error?.message == message)
    }

    @Test func `all attributes of a new queue are those that AWS shows`() throws {
        try broker.create("q")
        #expect(
            try attributes(of: "q", ["All"]) == [
                "ApproximateNumberOfMessages": "0", "ApproximateNumberOfMessagesDelayed": "0",
                "ApproximateNumberOfMessagesNotVisible": "0", "CreatedTimestamp": "1700000000", "DelaySeconds": "0",
                "LastModifiedTimestamp": "1700000000", "MaximumMessageSize": "1048576",
                "MessageRetentionPeriod": "345600", "QueueArn": "arn:aws:sqs:us-east-1:000000000000:q",
                "ReceiveMessageWaitTimeSeconds": "0", "SqsManagedSseEnabled": "true", "VisibilityTimeout": "30",
            ]
        )
    }

    @Test func `attributes are shown if asked for, counts too, and unknown names are refused`() throws {
        try broker.create("q")
        try broker.send("a", to: "q")
        try broker.send("b", to: "q", delaySeconds: 5)
        #expect(try attributes(of: "q", []).isEmpty)
        #expect(try attributes(of: "q", ["Policy", "FifoQueue"]).isEmpty)
        #expect(
            try attributes(of: "q", ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"])
                == ["ApproximateNumberOfMessages": "1", "ApproximateNumberOfMessagesDelayed": "1"]
        )
        let request = GetQueueAttributesRequest(queueUrl: "q", attributeNames: ["DelaySeconds", "Foobar"])
        #expect(
            broker.error(of: .getQueueAttributes(request)) == .invalidAttributeName("Unknown Attribute Foobar.")
        )
    }

    @Test func `attributes can be set, and bad ones change nothing`() throws {
        try broker.create("q")
        func setting(_ attributes: [String: String]) -> SQSRequest {
            .setQueueAttributes(SetQueueAttributesRequest(queueUrl: "q", attributes: attributes))
        }
        #expect(try broker.perform(setting(["DelaySeconds": "7"])) == .setQueueAttributes)
        #expect(
            broker.error(of: setting(["DelaySeconds": "8", "VisibilityTimeout": "x"]))
                == .invalidAttributeValue(for: "VisibilityTimeout")
        )
        #expect(
            broker.error(of: setting(["FifoQueue": "true"])) == .invalidAttributeName("Unknown Attribute FifoQueue.")
        )
        #expect(try attributes(of: "q", ["DelaySeconds"]) == ["DelaySeconds": "7"])
    }

    @Test func `a RedrivePolicy names an existing queue of our region and account`() throws {
        try broker.create("dead")
        func policy(_ arn: String) -> String {
            #"{"deadLetterTargetArn":"\#(arn)","maxReceiveCount":"2"}"#
        }
        for arn in [
            "arn:aws:sqs:us-east-1:000000000000:missing", "arn:aws:sqs:eu-west-1:000000000000:dead",
            "arn:aws:sqs:us-east-1:111111111111:dead",
        ] {
            let expected = SQSError.invalidParameterValue(
                policy(arn),
                for: "RedrivePolicy",
                reason: "Dead letter target does not exist."
            )
            #expect(broker.error(of: creating("q", ["RedrivePolicy": policy(arn)])) == expected)
        }
        try broker.create("q", ["RedrivePolicy": policy("arn:aws:sqs:us-east-1:000000000000:dead")])
    }

    @Test func `ListQueues gives pages that end, in the order of the names`() throws {
        for name in ["b", "a-2", "a-1", "a-3", "c"] { try broker.create(name) }
        let base = "http://localhost:9324/000000000000/"
        #expect(try list(ListQueuesRequest()).queueUrls == ["a-1", "a-2", "a-3", "b", "c"].map { base + $0 })
        #expect(try list(ListQueuesRequest()).nextToken == nil)

        let first = try list(ListQueuesRequest(queueNamePrefix: "a-", maxResults: 2))
        #expect(first.queueUrls == ["a-1", "a-2"].map { base + $0 })
        #expect(first.nextToken != nil)
        let second = try list(
            ListQueuesRequest(queueNamePrefix: "a-", maxResults: 2, nextToken: first.nextToken)
        )
        #expect(second == ListQueuesResult(queueUrls: [base + "a-3"]))
        #expect(try list(ListQueuesRequest(queueNamePrefix: "nothing")).queueUrls.isEmpty)
    }

    @Test func `ListQueues refuses bad limits, tokens and prefixes`() {
        for count in [0, 1_001] {
            #expect(
                broker.error(of: .listQueues(ListQueuesRequest(maxResults: count)))?.message
                    == "Value \(count) for parameter MaxResults is invalid. "
                    + "Reason: MaxResults must be an integer between 1 and 1000."
            )
        }
        for request in [
            ListQueuesRequest(nextToken: "%%%"), ListQueuesRequest(nextToken: "IQ=="),
            ListQueuesRequest(queueNamePrefix: "a b"),
        ] {
            #expect(broker.error(of: .listQueues(request))?.code == "InvalidParameterValue")
        }
        #expect(broker.error(of: .listQueues(ListQueuesRequest(queueNamePrefix: "a.fi"))) == nil)
    }

    @Test func `a purged queue is empty and a deleted one is gone`() throws {
        try broker.create("q")
        try broker.send("a", to: "q")
        #expect(try broker.perform(.purgeQueue(PurgeQueueRequest(queueUrl: "q"))) == .purgeQueue)
        #expect(try broker.receive("q").isEmpty)
        #expect(try broker.perform(.deleteQueue(DeleteQueueRequest(queueUrl: "q"))) == .deleteQueue)
        for request: SQSRequest in [
            .deleteQueue(DeleteQueueRequest(queueUrl: "q")), .getQueueUrl(GetQueueUrlRequest(queueName: "q")),
            .sendMessage(SendMessageRequest(queueUrl: "q", message: MessageInput(body: [65]))),
            .receiveMessage(ReceiveMessageRequest(queueUrl: "q", waitTimeSeconds: 20)),
            .getQueueAttributes(GetQueueAttributesRequest(queueUrl: "q")),
            .setQueueAttributes(SetQueueAttributesRequest(queueUrl: "q", attributes: ["DelaySeconds": "1"])),
            .deleteMessage(DeleteMessageRequest(queueUrl: "q", receiptHandle: "garbage")),
        ] {
            #expect(broker.error(of: request) == .queueDoesNotExist)
        }
        #expect(broker.error(of: .getQueueUrl(GetQueueUrlRequest(queueName: "a b"))) == .queueDoesNotExist)
        #expect(
            broker.error(of: .getQueueUrl(GetQueueUrlRequest(queueName: ""))) == .missingParameter("QueueName")
        )
    }
}
