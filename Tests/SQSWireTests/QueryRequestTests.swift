import QueueModel
import SQSWire
import Testing

/// A request in both protocols.
private struct Pair: CustomStringConvertible {
    let operation: String
    let json: String
    let form: String

    var description: String { "\(operation) \(form)" }

    init(_ operation: String, _ json: String, _ form: String) {
        self.operation = operation
        self.json = json
        self.form = form
    }
}

private let queuePairs = [
    Pair("CreateQueue", #"{"QueueName":"q"}"#, "QueueName=q"),
    Pair(
        "CreateQueue",
        #"{"QueueName":"q.fifo","Attributes":{"FifoQueue":"true","Policy":""},"tags":{"team":"a b","Team":""}}"#,
        "QueueName=q.fifo&Attribute.1.Name=FifoQueue&Attribute.1.Value=true&Attribute.2.Name=Policy"
            + "&Attribute.2.Value=&Tag.1.Key=team&Tag.1.Value=a+b&Tag.2.Key=Team&Tag.2.Value="
    ),
    Pair("DeleteQueue", #"{"QueueUrl":"http://h:1/0/q"}"#, "QueueUrl=http%3A%2F%2Fh%3a1/0/q"),
    Pair("GetQueueUrl", #"{"QueueName":"q"}"#, "QueueName=q&QueueOwnerAWSAccountId=000000000000"),
    Pair("ListQueues", "{}", ""),
    Pair(
        "ListQueues",
        #"{"QueueNamePrefix":"p","MaxResults":10,"NextToken":"t"}"#,
        "QueueNamePrefix=p&MaxResults=10&NextToken=t"
    ),
    Pair("GetQueueAttributes", #"{"QueueUrl":"q"}"#, "QueueUrl=q"),
    Pair(
        "GetQueueAttributes",
        #"{"QueueUrl":"q","AttributeNames":["All","Policy"]}"#,
        "QueueUrl=q&AttributeName.2=Policy&AttributeName.1=All"
    ),
    Pair(
        "SetQueueAttributes",
        #"{"QueueUrl":"q","Attributes":{"VisibilityTimeout":"35"}}"#,
        "QueueUrl=q&Attribute.Name=VisibilityTimeout&Attribute.Value=35"
    ),
    Pair("PurgeQueue", #"{"QueueUrl":"q"}"#, "QueueUrl=q"),
    Pair("TagQueue", #"{"QueueUrl":"q","Tags":{"a":"1"}}"#, "QueueUrl=q&Tag.1.Key=a&Tag.1.Value=1"),
    Pair("UntagQueue", #"{"QueueUrl":"q","TagKeys":["a","b"]}"#, "QueueUrl=q&TagKey.1=a&TagKey.2=b"),
    Pair("ListQueueTags", #"{"QueueUrl":"q"}"#, "QueueUrl=q"),
    Pair(
        "AddPermission",
        #"{"QueueUrl":"q","Label":"l","AWSAccountIds":["1","2"],"Actions":["SendMessage"]}"#,
        "QueueUrl=q&Label=l&AWSAccountId.1=1&AWSAccountId.2=2&ActionName.1=SendMessage"
    ),
    Pair("RemovePermission", #"{"QueueUrl":"q","Label":"l"}"#, "QueueUrl=q&Label=l"),
    Pair(
        "ListDeadLetterSourceQueues",
        #"{"QueueUrl":"q","MaxResults":5,"NextToken":"t"}"#,
        "QueueUrl=q&MaxResults=5&NextToken=t"
    ),
    Pair(
        "StartMessageMoveTask",
        #"{"SourceArn":"a","DestinationArn":"b","MaxNumberOfMessagesPerSecond":500}"#,
        "SourceArn=a&DestinationArn=b&MaxNumberOfMessagesPerSecond=500"
    ),
    Pair("ListMessageMoveTasks", #"{"SourceArn":"a","MaxResults":2}"#, "SourceArn=a&MaxResults=2"),
    Pair("CancelMessageMoveTask", #"{"TaskHandle":"e30="}"#, "TaskHandle=e30%3D"),
]

private let messagePairs = [
    Pair("SendMessage", #"{"QueueUrl":"q"}"#, "QueueUrl=q"),
    Pair(
        "SendMessage",
        #"{"QueueUrl":"q","MessageBody":"a b+\r\n\u00e9&=","DelaySeconds":5,"MessageAttributes":{"#
            + #""s":{"DataType":"String","StringValue":"x"},"b":{"DataType":"Binary.png","BinaryValue":"AAEC/w=="}},"#
            + #""MessageSystemAttributes":{"AWSTraceHeader":{"DataType":"String","StringValue":"t"}},"#
            + #""MessageGroupId":"g","MessageDeduplicationId":"d"}"#,
        "QueueUrl=q&MessageBody=a+b%2B%0D%0A%C3%a9%26%3D&DelaySeconds=5&MessageAttribute.1.Name=s"
            + "&MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value.StringValue=x"
            + "&MessageAttribute.2.Name=b&MessageAttribute.2.Value.DataType=Binary.png"
            + "&MessageAttribute.2.Value.BinaryValue=AAEC%2Fw%3D%3D&MessageSystemAttribute.1.Name=AWSTraceHeader"
            + "&MessageSystemAttribute.1.Value.DataType=String&MessageSystemAttribute.1.Value.StringValue=t"
            + "&MessageGroupId=g&MessageDeduplicationId=d"
    ),
    Pair(
        "SendMessage",
        #"{"QueueUrl":"q","MessageBody":"m","MessageAttributes":{"n":{"DataType":"String","StringListValues":["x"]}}}"#,
        "QueueUrl=q&MessageBody=m&MessageAttribute.1.Name=n&MessageAttribute.1.Value.DataType=String"
            + "&MessageAttribute.1.Value.StringListValue.1=x"
    ),
    Pair(
        "SendMessageBatch",
        #"{"QueueUrl":"q","Entries":[{"Id":"a","MessageBody":"x"},{"Id":"b","MessageBody":"y","DelaySeconds":1,"#
            + #""MessageAttributes":{"s":{"DataType":"Number","StringValue":"1"}},"#
            + #""MessageSystemAttributes":{"AWSTraceHeader":{"DataType":"String","StringValue":"t"}},"#
            + #""MessageGroupId":"g","MessageDeduplicationId":"d"}]}"#,
        "QueueUrl=q&SendMessageBatchRequestEntry.1.Id=a&SendMessageBatchRequestEntry.1.MessageBody=x"
            + "&SendMessageBatchRequestEntry.2.Id=b&SendMessageBatchRequestEntry.2.MessageBody=y"
            + "&SendMessageBatchRequestEntry.2.DelaySeconds=1&SendMessageBatchRequestEntry.2.MessageAttribute.1.Name=s"
            + "&SendMessageBatchRequestEntry.2.MessageAttribute.1.Value.DataType=Number"
            + "&SendMessageBatchRequestEntry.2.MessageAttribute.1.Value.StringValue=1"
            + "&SendMessageBatchRequestEntry.2.MessageSystemAttribute.1.Name=AWSTraceHeader"
            + "&SendMessageBatchRequestEntry.2.MessageSystemAttribute.1.Value.DataType=String"
            + "&SendMessageBatchRequestEntry.2.MessageSystemAttribute.1.Value.StringValue=t"
            + "&SendMessageBatchRequestEntry.2.MessageGroupId=g&SendMessageBatchRequestEntry.2.MessageDeduplicationId=d"
    ),
    Pair("SendMessageBatch", #"{"QueueUrl":"q","Entries":[]}"#, "QueueUrl=q&Entries="),
    Pair("ReceiveMessage", #"{"QueueUrl":"q"}"#, "QueueUrl=q&WaitTimeSeconds="),
    Pair(
        "ReceiveMessage",
        #"{"QueueUrl":"q","AttributeNames":["SenderId"],"MessageAttributeNames":["Hel.*","n"],"#
            + #""MaxNumberOfMessages":10,"VisibilityTimeout":0,"WaitTimeSeconds":-1,"ReceiveRequestAttemptId":"r"}"#,
        "QueueUrl=q&AttributeName.1=SenderId&MessageAttributeName.1=Hel.*&MessageAttributeName.2=n"
            + "&MaxNumberOfMessages=10&VisibilityTimeout=0&WaitTimeSeconds=-1&ReceiveRequestAttemptId=r"
    ),
    Pair(
        "ReceiveMessage",
        #"{"QueueUrl":"q","MessageSystemAttributeNames":["All"]}"#,
        "QueueUrl=q&MessageSystemAttributeName.1=All"
    ),
    Pair("DeleteMessage", #"{"QueueUrl":"q","ReceiptHandle":"AQ+/=="}"#, "QueueUrl=q&ReceiptHandle=AQ%2B%2F%3D%3D"),
    Pair(
        "DeleteMessageBatch",
        #"{"QueueUrl":"q","Entries":[{"Id":"a","ReceiptHandle":"h"},{"Id":"b","ReceiptHandle":"i"}]}"#,
        "QueueUrl=q&DeleteMessageBatchRequestEntry.1.Id=a&DeleteMessageBatchRequestEntry.1.ReceiptHandle=h"
            + "&DeleteMessageBatchRequestEntry.2.Id=b&DeleteMessageBatchRequestEntry.2.ReceiptHandle=i"
    ),
    Pair(
        "ChangeMessageVisibility",
        #"{"QueueUrl":"q","ReceiptHandle":"h","VisibilityTimeout":43200}"#,
        "QueueUrl=q&ReceiptHandle=h&VisibilityTimeout=43200"
    ),
    Pair(
        "ChangeMessageVisibilityBatch",
        #"{"QueueUrl":"q","Entries":[{"Id":"a","ReceiptHandle":"h","VisibilityTimeout":0},"#
            + #"{"Id":"b","ReceiptHandle":"i"}]}"#,
        "QueueUrl=q&ChangeMessageVisibilityBatchRequestEntry.1.Id=a"
            + "&ChangeMessageVisibilityBatchRequestEntry.1.ReceiptHandle=h"
            + "&ChangeMessageVisibilityBatchRequestEntry.1.VisibilityTimeout=0"
            + "&ChangeMessageVisibilityBatchRequestEntry.2.Id=b"
            + "&ChangeMessageVisibilityBatchRequestEntry.2.ReceiptHandle=i"
    ),
]

@Suite struct QueryRequestTests {
    @Test(arguments: queuePairs + messagePairs)
    private func `both protocols read the same request`(pair: Pair) throws {
        let request = try decode(pair.operation, pair.json)
        #expect(try decodeQuery("Action=\(pair.operation)&Version=2012-11-05&\(pair.form)") == request)
        #expect(try decodeQuery("", query: "\(pair.form)&Action=\(pair.operation)") == request)
    }

    @Test func `every operation stands in the table`() {
        #expect(
            Set((queuePairs + messagePairs).map(\.operation)) == Set(OperationName.allCases.map(\.rawValue))
        )
    }

    @Test(arguments: OperationName.allCases.map(\.rawValue))
    func `what is missing is told in the same order as in JSON`(operation: String) {
        #expect(queryRefusal("Action=\(operation)") == refusal(operation, "{}"))
    }

    @Test(arguments: [
        ("SetQueueAttributes", "Attribute.Name"), ("TagQueue", "Tags"), ("AddPermission", "Label"),
        ("RemovePermission", "Label"), ("DeleteMessage", "ReceiptHandle"),
        ("ChangeMessageVisibility", "ReceiptHandle"), ("ChangeMessageVisibility&ReceiptHandle=h", "VisibilityTimeout"),
        ("SetQueueAttributes&Attribute.1.Value=v", "Attribute.Name"),
        ("SetQueueAttributes&Attribute.1.Name=n", "Attribute.Value"), ("TagQueue&Tag.1.Value=v", "Tag.Key"),
        ("SendMessageBatch&SendMessageBatchRequestEntry.7.MessageBody=m", "SendMessageBatchRequestEntry.7.Id"),
        (
            "DeleteMessageBatch&DeleteMessageBatchRequestEntry.2.Id=a",
            "DeleteMessageBatchRequestEntry.2.ReceiptHandle"
        ),
    ])
    func `a member that has to be there is named`(action: String, member: String) {
        #expect(queryRefusal("Action=\(action)&QueueUrl=q") == .missingParameter(member))
    }

    @Test func `of both names for system attributes the older one counts alone`() throws {
        let form = "Action=ReceiveMessage&QueueUrl=q&MessageSystemAttributeName.1=All&AttributeName.1=SenderId"
        #expect(
            try decodeQuery(form)
                == .receiveMessage(ReceiveMessageRequest(queueUrl: "q", systemAttributeNames: ["SenderId"]))
        )
    }

    @Test func `an attribute named twice comes twice, for it is refused later`() throws {
        let form =
            "Action=SendMessage&QueueUrl=q&MessageBody=m&MessageAttribute.1.Name=n&MessageAttribute.2.Name=n"
        guard case .sendMessage(let request) = try decodeQuery(form) else {
            Issue.record("another operation")
            return
        }
        #expect(request.message.attributes.map(\.name) == ["n", "n"])
    }

    @Test(arguments: ["abc", "1.5", "2147483648", "99999999999999999999", " 1", "0x1", "1e1", "-", "%C2%B2"])
    func `what is no number is refused`(text: String) throws {
        let form = "Action=ReceiveMessage&QueueUrl=q&MaxNumberOfMessages=\(text)"
        let value = text == "%C2%B2" ? "²" : text
        #expect(
            queryRefusal(form)
                == .invalidParameterValue(value, for: "MaxNumberOfMessages", reason: "Must be a number.")
        )
    }

    @Test func `what is no base64 is refused under its whole name`() {
        let entry = "SendMessageBatchRequestEntry.1"
        let form =
            "Action=SendMessageBatch&QueueUrl=q&\(entry).Id=a&\(entry).MessageAttribute.1.Name=n"
            + "&\(entry).MessageAttribute.1.Value.BinaryValue=A"
        #expect(
            queryRefusal(form)
                == .invalidParameterValue(
                    "A",
                    for: "\(entry).MessageAttribute.1.Value.BinaryValue",
                    reason: "Must be base64-encoded."
                )
        )
    }
}
