import NIOCore
import QueueModel
import SQSWire
import Testing

@Suite struct QueryParametersTests {
    private func attributeNames(_ form: String) throws -> [String] {
        guard case .getQueueAttributes(let request) = try decodeQuery("Action=GetQueueAttributes&QueueUrl=q&\(form)")
        else { return [] }
        return request.attributeNames
    }

    @Test func `elements come in the order of their numbers, whatever order and gaps they are written with`() throws {
        #expect(
            try attributeNames("AttributeName.10=d&AttributeName.2=b&AttributeName.9=c&AttributeName.0=a")
                == ["a", "b", "c", "d"]
        )
        #expect(try attributeNames("AttributeName.9223372036854775807=b&AttributeName.1=a") == ["a", "b"])
        #expect(try attributeNames("AttributeName.01=a&AttributeName.1=b") == ["b"])
        #expect(try attributeNames("AttributeName=a&AttributeName.1=b") == ["a", "b"])
        #expect(try attributeNames("AttributeName.x=a&AttributeName.1.2=b&AttributeName..1=c").isEmpty)
    }

    @Test func `of equal names the last one counts, and the body's stand behind the target's`() throws {
        #expect(try decodeQuery("Action=PurgeQueue&QueueUrl=a&QueueUrl=b") == purge("b"))
        #expect(try decodeQuery("QueueUrl=b", query: "Action=PurgeQueue&QueueUrl=a") == purge("b"))
    }

    @Test func `names may be escaped, blanks are pluses, and empty pairs are none`() throws {
        #expect(try decodeQuery("&&%41ction=PurgeQueue&&Queue%55rl=a+b%20c&") == purge("a b c"))
        #expect(try decodeQuery("Action=PurgeQueue&QueueUrl=a=b") == purge("a=b"))
        #expect(try decodeQuery("Action=PurgeQueue&x&=y&=&QueueUrl=é") == purge("é"))
    }

    @Test(arguments: ["%", "%4", "%zz", "%4g", "%%41", "a%", "%+1", "%-1", "%FF", "%C3", "%ED%A0%80", "%C0%80", "%C3+"])
    func `broken escapes and text that is no UTF-8 are refused`(text: String) throws {
        for form in ["Action=SendMessage&QueueUrl=q&MessageBody=\(text)", "Action=ListQueues&\(text)=1"] {
            let error = try #require(queryRefusal(form))
            #expect(error.code == "MalformedQueryString")
            #expect(error.status == 404)
        }
    }

    @Test func `a number that no machine can count to is refused`() throws {
        let error = try #require(queryRefusal("Action=ListQueues&AttributeName.9223372036854775808=a"))
        #expect(error.code == "MalformedQueryString")
    }

    @Test func `parameters without an end are refused`() throws {
        let many = (0..<20_000).map { "AttributeName.\($0)=a" }.joined(separator: "&")
        #expect(queryRefusal("Action=GetQueueAttributes&QueueUrl=q&\(many)")?.code == "MalformedQueryString")
        let enough = (0..<9_000).map { "AttributeName.\($0)=a" }.joined(separator: "&")
        #expect(try attributeNames(enough).count == 9_000)
    }

    @Test func `names of many parts are no parameters, and cost no more than their length`() throws {
        let deep = String(repeating: "1.", count: 1_000_000)
        #expect(try decodeQuery("Action=PurgeQueue&QueueUrl=q&\(deep)=1&\(deep)") == purge("q"))
        let blank = String(repeating: "&", count: 1_000_000)
        #expect(try decodeQuery("Action=PurgeQueue\(blank)QueueUrl=q") == purge("q"))
    }

    @Test(arguments: ["", "NotAction=1", "Action", "Action=", "action=ListQueues", "Action.1=ListQueues"])
    func `without Action there is none`(form: String) throws {
        let parameters = try QueryParameters(path: "/", query: nil, form: ByteBuffer(string: form))
        #expect(parameters.action == nil)
    }

    private func purge(_ queueUrl: String) -> SQSRequest {
        .purgeQueue(PurgeQueueRequest(queueUrl: queueUrl))
    }
}
