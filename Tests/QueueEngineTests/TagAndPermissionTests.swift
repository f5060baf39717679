import QueueEngine
import QueueModel
import Testing

/// Tags, permissions, dead-letter sources and who the caller is.
@Suite struct TagAndPermissionTests {
    private let broker = Broker()

    init() throws {
        try broker.create("q")
    }

    private func tags(_ queue: String = "q") throws -> QueueTags {
        guard
            case .listQueueTags(let result) = try broker.perform(.listQueueTags(ListQueueTagsRequest(queueUrl: queue)))
        else { throw UnexpectedResult() }
        return result.tags
    }

    private func tagging(_ tags: QueueTags, queue: String = "q") -> SQSRequest {
        .tagQueue(TagQueueRequest(queueUrl: queue, tags: tags))
    }

    private func adding(
        _ label: String = "L",
        accounts: [String] = ["111122223333"],
        actions: [String] = ["ReceiveMessage"],
        queue: String = "q"
    ) -> SQSRequest {
        .addPermission(
            AddPermissionRequest(queueUrl: queue, label: label, awsAccountIds: accounts, actions: actions)
        )
    }

    private func policy() throws -> String? {
        let request = GetQueueAttributesRequest(queueUrl: "q", attributeNames: ["Policy"])
        guard case .getQueueAttributes(let result) = try broker.perform(.getQueueAttributes(request)) else {
            throw UnexpectedResult()
        }
        return result.attributes.first?.value
    }

    @Test func `tags are set, overwritten and removed by key, letter case counts`() throws {
        #expect(try broker.perform(tagging(["a": "1", "A": "2", "empty": ""])) == .tagQueue)
        _ = try broker.perform(tagging(["a": "3"]))
        #expect(try tags() == ["a": "3", "A": "2", "empty": ""])
        let untagging = UntagQueueRequest(queueUrl: "q", tagKeys: ["A", "unknown"])
        #expect(try broker.perform(.untagQueue(untagging)) == .untagQueue)
        #expect(try tags() == ["a": "3", "empty": ""])
    }

    @Test func `a new queue has the tags it was created with, an existing one keeps its own`() throws {
        for value in ["1", "2"] {
            _ = try broker.perform(.createQueue(CreateQueueRequest(queueName: "tagged", tags: ["k": value])))
        }
        #expect(try tags("tagged") == ["k": "1"])
    }

    @Test func `bad tags are refused, when creating too`() {
        let many = QueueTags((0...50).map { ("k\($0)", "") })
        #expect(broker.error(of: tagging([:])) == .missingParameter("Tags"))
        let long = String(repeating: "k", count: 129)
        for tags in [["": "v"], ["aws:k": "v"], ["k": "a#"], [long: ""], many] as [QueueTags] {
            #expect(broker.error(of: tagging(tags))?.code == "InvalidParameterValue")
            let creating = CreateQueueRequest(queueName: "new", tags: tags)
            #expect(broker.error(of: .createQueue(creating))?.code == "InvalidParameterValue")
        }
        #expect(broker.error(of: .getQueueUrl(GetQueueUrlRequest(queueName: "new"))) == .queueDoesNotExist)
        for keys in [[""], [String(repeating: "k", count: 129)]] {
            #expect(
                broker.error(of: .untagQueue(UntagQueueRequest(queueUrl: "q", tagKeys: keys)))
                    == .invalidParameterValue("Tag keys must be between 1 and 128 characters in length.")
            )
        }
        #expect(
            broker.error(of: .untagQueue(UntagQueueRequest(queueUrl: "q", tagKeys: []))) == .missingParameter("TagKeys")
        )
    }

    @Test func `a permission is in the Policy until it is removed`() throws {
        #expect(try broker.perform(adding(actions: ["*", "SendMessage"])) == .addPermission)
        #expect(try policy()?.contains(#""Action":["SQS:*","SQS:SendMessage"]"#) == true)
        #expect(
            broker.error(of: adding())
                == .invalidParameterValue("Value L for parameter Label is invalid. Reason: Already exists.")
        )
        let removing = SQSRequest.removePermission(RemovePermissionRequest(queueUrl: "q", label: "L"))
        #expect(try broker.perform(removing) == .removePermission)
        #expect(try policy() == nil)
        #expect(
            broker.error(of: removing)
                == .invalidParameterValue("Value L for parameter Label is invalid. Reason: can't find label.")
        )
    }

    @Test func `bad permissions are refused in AWS's words`() {
        let actions = Array(repeating: "SendMessage", count: 8)
        let cases: [(SQSRequest, SQSError)] = [
            (adding(""), .missingParameter("Label")),
            (adding(accounts: []), .missingParameter("AWSAccountIds")),
            (adding(actions: []), .missingParameter("Actions")),
            (adding(actions: actions), .tooManyActions(count: 8)),
            (
                adding(actions: ["CreateQueue"]),
                .invalidParameterValue(
                    "Value SQS:CreateQueue for parameter ActionName is invalid. "
                        + "Reason: Only the queue owner is allowed to invoke this action."
                )
            ),
            (
                adding(actions: ["Fly"]),
                .invalidParameterValue(
                    "Value SQS:Fly for parameter ActionName is invalid. "
                        + "Reason: Please refer to the appropriate WSDL for a list of valid actions."
                )
            ),
            (
                adding(accounts: ["1"]),
                .invalidParameterValue("Value [1] for parameter PrincipalId is invalid. Reason: Unable to verify.")
            ),
            (.removePermission(RemovePermissionRequest(queueUrl: "q", label: "")), .missingParameter("Label")),
        ]
        for (request, expected) in cases { #expect(broker.error(of: request) == expected) }
        for label in ["a b", "ü", #"a""#, String(repeating: "l", count: 81)] {
            #expect(broker.error(of: adding(label))?.code == "InvalidParameterValue")
        }
        #expect(SQSError.tooManyActions(count: 8).message == "8 Actions were found, maximum allowed is 7.")
    }

    @Test func `what a missing queue is asked is refused`() {
        for request: SQSRequest in [
            tagging(["a": "b"], queue: "missing"), adding(queue: "missing"),
            .untagQueue(UntagQueueRequest(queueUrl: "missing", tagKeys: ["a"])),
            .listQueueTags(ListQueueTagsRequest(queueUrl: "missing")),
            .removePermission(RemovePermissionRequest(queueUrl: "missing", label: "L")),
            .listDeadLetterSourceQueues(ListDeadLetterSourceQueuesRequest(queueUrl: "missing")),
        ] {
            #expect(broker.error(of: request) == .queueDoesNotExist)
        }
    }

    @Test func `dead-letter sources come in pages that end`() throws {
        let policy = #"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:q","maxReceiveCount":1}"#
        for name in ["c", "a", "b"] { try broker.create(name, ["RedrivePolicy": policy]) }
        func list(_ maxResults: Int?, _ token: String? = nil) throws -> ListDeadLetterSourceQueuesResult {
            let request = ListDeadLetterSourceQueuesRequest(queueUrl: "q", maxResults: maxResults, nextToken: token)
            guard
                case .listDeadLetterSourceQueues(let result) = try broker.perform(.listDeadLetterSourceQueues(request))
            else { throw UnexpectedResult() }
            return result
        }
        let base = "http://localhost:9324/000000000000/"
        #expect(try list(nil) == ListDeadLetterSourceQueuesResult(queueUrls: ["a", "b", "c"].map { base + $0 }))
        let first = try list(2)
        #expect(first.queueUrls == ["a", "b"].map { base + $0 })
        #expect(try list(2, first.nextToken) == ListDeadLetterSourceQueuesResult(queueUrls: [base + "c"]))
        for request in [
            ListDeadLetterSourceQueuesRequest(queueUrl: "q", maxResults: 0),
            ListDeadLetterSourceQueuesRequest(queueUrl: "q", maxResults: 1_001),
            ListDeadLetterSourceQueuesRequest(queueUrl: "q", nextToken: "%"),
        ] {
            #expect(broker.error(of: .listDeadLetterSourceQueues(request))?.code == "InvalidParameterValue")
        }
    }

    @Test func `a second purge and a new queue of an old name have to wait a minute, unless switched off`() throws {
        func purge(_ broker: Broker) -> SQSError? {
            broker.error(of: .purgeQueue(PurgeQueueRequest(queueUrl: "q")))
        }
        func recreate(_ broker: Broker) throws -> SQSError? {
            _ = try broker.perform(.deleteQueue(DeleteQueueRequest(queueUrl: "q")))
            return broker.error(of: .createQueue(CreateQueueRequest(queueName: "q")))
        }
        #expect(purge(broker) == nil)
        broker.timers.advance(milliseconds: 59_999)
        #expect(
            purge(broker)?.message == "Only one PurgeQueue operation on q is allowed every 60 seconds."
        )
        broker.timers.advance(milliseconds: 1)
        #expect(purge(broker) == nil)
        #expect(try recreate(broker) == .queueDeletedRecently)

        var configuration = EngineConfiguration()
        configuration.purgeIntervalSeconds = 0
        configuration.queueRecreationDelaySeconds = 0
        let free = Broker(configuration: configuration)
        try free.create("q")
        #expect(purge(free) == nil)
        #expect(purge(free) == nil)
        #expect(try recreate(free) == nil)
    }

    @Test func `the caller is the account`() throws {
        #expect(
            try broker.perform(.getCallerIdentity(GetCallerIdentityRequest()))
                == .getCallerIdentity(
                    GetCallerIdentityResult(
                        account: "000000000000",
                        userId: "000000000000",
                        arn: "arn:aws:iam::000000000000:root"
                    )
                )
        )
    }
}
