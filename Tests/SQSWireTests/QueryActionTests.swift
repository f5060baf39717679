import QueueModel
import SQSWire
import Testing

@Suite struct QueryActionTests {
    private func invalid(_ action: String) -> SQSError {
        SQSError(type: "InvalidAction", message: "The action \(action) is not valid for this endpoint.")
    }

    @Test(arguments: ["Nonsense", "sendMessage", "AmazonSQS.SendMessage", "SendMessage "])
    func `an action that SQS does not have is invalid`(action: String) {
        #expect(queryRefusal("Action=\(action)") == invalid(action))
        #expect(queryRefusal("Action=\(action)", path: "/000000000000/q") == invalid(action))
    }

    @Test(arguments: ["CreateQueue", "ListQueues", "GetCallerIdentity"])
    func `what makes and lists queues is invalid on a queue's path`(action: String) throws {
        let form = "Action=\(action)&QueueName=q"
        #expect(queryRefusal(form, path: "/000000000000/q") == invalid(action))
        #expect(queryRefusal(form, path: "/") == nil)
    }

    @Test func `GetQueueUrl for another queue is allowed on a queue's path`() throws {
        #expect(
            try decodeQuery("Action=GetQueueUrl&QueueName=other", path: "/000000000000/q")
                == .getQueueUrl(GetQueueUrlRequest(queueName: "other"))
        )
    }

    @Test func `a queue is named by the path, but QueueUrl wins`() throws {
        func queueUrl(_ form: String, path: String) throws -> String? {
            guard case .purgeQueue(let request) = try decodeQuery("Action=PurgeQueue\(form)", path: path) else {
                return nil
            }
            return request.queueUrl
        }
        #expect(try queueUrl("", path: "/000000000000/q") == "/000000000000/q")
        #expect(try queueUrl("&QueueUrl=", path: "/000000000000/q/") == "/000000000000/q/")
        #expect(try queueUrl("&QueueUrl=other", path: "/000000000000/q") == "other")
        for path in ["/", "", "//", "/one"] {
            #expect(queryRefusal("Action=PurgeQueue", path: path) == .missingParameter("QueueUrl"))
        }
    }

    @Test(arguments: ["", "&Version=2012-11-05", "&Version=1999-01-01", "&Version="])
    func `the version does not matter`(version: String) throws {
        #expect(try decodeQuery("Action=ListQueues\(version)") == .listQueues(ListQueuesRequest()))
    }

    @Test func `GetCallerIdentity of STS is read`() throws {
        #expect(
            try decodeQuery("Action=GetCallerIdentity&Version=2011-06-15")
                == .getCallerIdentity(GetCallerIdentityRequest())
        )
    }
}
