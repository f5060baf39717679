import QueueModel
import SQSWire
import Testing

/// What a member has to be, as the service model says.
private enum MemberType: CaseIterable {
    case string
    case integer
    case blob
    case strings
    case list
    case map
}

/// A member of an input, and a body whose `@` is where its value goes.
private struct Place: CustomStringConvertible {
    let operation: String
    let member: String
    let type: MemberType
    let body: String

    var description: String { "\(operation).\(member)" }

    init(_ operation: String, _ member: String, _ type: MemberType, _ body: String) {
        self.operation = operation
        self.member = member
        self.type = type
        self.body = body
    }

    func with(_ value: String) -> String {
        body.replacing("@", with: value)
    }
}

private let places: [Place] = {
    var places: [Place] = []
    let queue = #""QueueUrl":"q""#
    func add(_ operation: String, _ rest: String, _ members: KeyValuePairs<String, MemberType>) {
        for (member, type) in members {
            let front = rest.isEmpty ? "" : rest + ","
            places.append(Place(operation, member, type, "{\(front)\"\(member)\":@}"))
        }
    }
    func addEntry(_ operation: String, _ rest: String, _ members: KeyValuePairs<String, MemberType>) {
        for (member, type) in members {
            places.append(Place(operation, member, type, "{\(queue),\"Entries\":[{\(rest),\"\(member)\":@}]}"))
        }
    }
    let message: KeyValuePairs<String, MemberType> = [
        "MessageBody": .string, "DelaySeconds": .integer, "MessageAttributes": .map, "MessageSystemAttributes": .map,
        "MessageDeduplicationId": .string, "MessageGroupId": .string,
    ]
    add("CreateQueue", "", ["QueueName": .string])
    add("CreateQueue", #""QueueName":"q""#, ["Attributes": .map, "tags": .map])
    add("GetQueueUrl", "", ["QueueName": .string])
    add("GetQueueUrl", #""QueueName":"q""#, ["QueueOwnerAWSAccountId": .string])
    add("ListQueues", "", ["QueueNamePrefix": .string, "NextToken": .string, "MaxResults": .integer])
    for operation in OperationName.allCases.map(\.rawValue) {
        guard refusal(operation, "{}") == .missingParameter("QueueUrl") else { continue }
        let rest =
            switch operation {
            case "DeleteMessage": #""ReceiptHandle":"h""#
            case "ChangeMessageVisibility": #""ReceiptHandle":"h","VisibilityTimeout":1"#
            case "SetQueueAttributes": #""Attributes":{}"#
            case "TagQueue": #""Tags":{}"#
            case "AddPermission", "RemovePermission": #""Label":"l""#
            default: ""
            }
        add(operation, rest, ["QueueUrl": .string])
    }
    add("GetQueueAttributes", queue, ["AttributeNames": .strings])
    add("SetQueueAttributes", queue, ["Attributes": .map])
    add("SendMessage", queue, message)
    add("SendMessageBatch", queue, ["Entries": .list])
    addEntry("SendMessageBatch", #""Id":"a""#, message)
    addEntry("SendMessageBatch", #""MessageBody":"b""#, ["Id": .string])
    add(
        "ReceiveMessage",
        queue,
        [
            "AttributeNames": .strings, "MessageSystemAttributeNames": .strings, "MessageAttributeNames": .strings,
            "MaxNumberOfMessages": .integer, "VisibilityTimeout": .integer, "WaitTimeSeconds": .integer,
            "ReceiveRequestAttemptId": .string,
        ]
    )
    add("DeleteMessage", queue, ["ReceiptHandle": .string])
    add("DeleteMessageBatch", queue, ["Entries": .list])
    addEntry("DeleteMessageBatch", #""Id":"a""#, ["ReceiptHandle": .string])
    addEntry("DeleteMessageBatch", #""ReceiptHandle":"h""#, ["Id": .string])
    add("ChangeMessageVisibility", #"\#(queue),"VisibilityTimeout":1"#, ["ReceiptHandle": .string])
    add("ChangeMessageVisibility", #"\#(queue),"ReceiptHandle":"h""#, ["VisibilityTimeout": .integer])
    add("ChangeMessageVisibilityBatch", queue, ["Entries": .list])
    addEntry("ChangeMessageVisibilityBatch", #""Id":"a""#, ["ReceiptHandle": .string])
    addEntry("ChangeMessageVisibilityBatch", #""ReceiptHandle":"h""#, ["Id": .string])
    addEntry("ChangeMessageVisibilityBatch", #""Id":"a","ReceiptHandle":"h""#, ["VisibilityTimeout": .integer])
    add("TagQueue", queue, ["Tags": .map])
    add("UntagQueue", queue, ["TagKeys": .strings])
    add("AddPermission", queue, ["Label": .string])
    add("AddPermission", #"\#(queue),"Label":"l""#, ["AWSAccountIds": .strings, "Actions": .strings])
    add("RemovePermission", queue, ["Label": .string])
    add("ListDeadLetterSourceQueues", queue, ["NextToken": .string, "MaxResults": .integer])
    add("StartMessageMoveTask", "", ["SourceArn": .string])
    add(
        "StartMessageMoveTask",
        #""SourceArn":"a""#,
        ["DestinationArn": .string, "MaxNumberOfMessagesPerSecond": .integer]
    )
    add("ListMessageMoveTasks", "", ["SourceArn": .string])
    add("ListMessageMoveTasks", #""SourceArn":"a""#, ["MaxResults": .integer])
    add("CancelMessageMoveTask", "", ["TaskHandle": .string])
    for member in ["MessageAttributes", "MessageSystemAttributes"] {
        func addAttribute(_ name: String, _ type: MemberType) {
            let body = #"{\#(queue),"\#(member)":{"n":{"\#(name)":@}}}"#
            places.append(Place("SendMessage", name, type, body))
        }
        addAttribute("DataType", .string)
        addAttribute("StringValue", .string)
        addAttribute("BinaryValue", .blob)
        addAttribute("StringListValues", .list)
        addAttribute("BinaryListValues", .list)
        places.append(Place("SendMessage", member, .map, #"{\#(queue),"\#(member)":{"n":@}}"#))
    }
    return places
}()

@Suite struct MemberTypeTests {
    @Test func `every member of every operation stands in the table`() {
        #expect(places.count == 84)
    }

    @Test(arguments: places)
    private func `a member of its own type is read`(place: Place) {
        let values: [String] =
            switch place.type {
            case .string: ["\"\"", "\"x\""]
            case .integer: ["0", "-1", "5.0", "2147483647", "-2147483648"]
            case .blob: ["\"\"", "\"AAECAw==\"", #""AAEC\u0041w==""#]
            case .strings: ["[]", "[\"x\"]", "[null,\"x\"]"]
            case .list: ["[]"]
            case .map: ["{}"]
            }
        for value in values {
            #expect(refusal(place.operation, place.with(value)) == nil, "\(value)")
        }
    }

    @Test(arguments: places)
    private func `a member of another type is refused in the words of AWS`(place: Place) {
        let list = "Start of list found where not expected"
        let map = "Start of structure or map found where not expected."
        let refused: [(value: String, message: String)]
        switch place.type {
        case .string, .blob:
            refused = [
                ("1", "NUMBER_VALUE can not be converted to a String"), ("[]", list), ("{}", map),
                ("true", "TRUE_VALUE can not be converted to a String"),
                ("false", "FALSE_VALUE can not be converted to a String"),
            ]
        case .integer:
            let number = "NUMBER_VALUE can not be converted to an Integer"
            refused = [
                ("\"5\"", "STRING_VALUE can not be converted to an Integer"), ("[]", list), ("{}", map),
                ("true", "TRUE_VALUE can not be converted to an Integer"), ("1.5", number), ("2147483648", number),
                ("-2147483649", number), ("1e1", number), (String(repeating: "9", count: 5_000), number),
                ("0." + String(repeating: "0", count: 5_000) + "1", number),
            ]
        case .strings:
            refused = [
                ("\"x\"", "Expected list or null"), ("1", "Expected list or null"), ("{}", map),
                ("[1]", "NUMBER_VALUE can not be converted to a String"), ("[[]]", list), ("[{}]", map),
            ]
        case .list:
            refused = [("\"x\"", "Expected list or null"), ("true", "Expected list or null"), ("{}", map)]
        case .map:
            refused = [("\"x\"", "Expected map or null"), ("1", "Expected map or null"), ("[]", list)]
        }
        for (value, message) in refused {
            #expect(refusal(place.operation, place.with(value)) == serialization(message), "\(value.prefix(20))")
        }
    }

    @Test(arguments: places)
    private func `null is the same as absent`(place: Place) throws {
        let withNull = Result { () throws(SQSError) in try decode(place.operation, place.with("null")) }
        let member = "\"\(place.member)\":@"
        guard place.body.contains(member) else { return }
        let absent = place.body.replacing(",\(member)", with: "").replacing(member, with: "")
        #expect(withNull == Result { () throws(SQSError) in try decode(place.operation, absent) })
    }

    @Test(arguments: places)
    private func `of a name that comes twice the last one counts`(place: Place) {
        let member = "\"\(place.member)\":@"
        guard place.body.contains(member) else { return }
        let wrong = place.type == .map ? "[]" : "{}"
        let right =
            switch place.type {
            case .string, .blob: "\"AAAA\""
            case .integer: "1"
            case .strings, .list: "[]"
            case .map: "{}"
            }
        func twice(_ first: String, _ second: String) -> String {
            place.body.replacing(member, with: "\"\(place.member)\":\(first),\"\(place.member)\":\(second)")
        }
        #expect(refusal(place.operation, twice(wrong, right)) == nil)
        #expect(refusal(place.operation, twice(right, wrong))?.type == "SerializationException")
    }

    @Test func `members that the service model does not have are ignored, whatever they hold`() throws {
        let expected = try decode("DeleteQueue", #"{"QueueUrl":"q"}"#)
        #expect(try decode("DeleteQueue", #"{"x":[{"y":1e999}],"QueueUrl":"q","queueurl":5}"#) == expected)
    }

    @Test func `a member's name may be written with escapes`() throws {
        #expect(
            try decode("DeleteQueue", #"{"\u0051ueue\u0055rl":"q"}"#)
                == .deleteQueue(DeleteQueueRequest(queueUrl: "q"))
        )
    }
}
