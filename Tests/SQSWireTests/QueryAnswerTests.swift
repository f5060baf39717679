import QueueModel
import SQSWire
import Testing

private let namespace = "http://queue.amazonaws.com/doc/2012-11-05/"
private let metadata = "<ResponseMetadata><RequestId>id</RequestId></ResponseMetadata>"

/// A whole answer around what is in its result.
private func answer(_ action: String, _ content: String) -> String {
    let result = content.isEmpty ? "<\(action)Result/>" : "<\(action)Result>\(content)</\(action)Result>"
    return
        #"<?xml version="1.0"?><\#(action)Response xmlns="\#(namespace)">\#(result)\#(metadata)</\#(action)Response>"#
}

/// The members of a JSON answer's result.
private func jsonAnswer(_ action: String, _ content: String) -> String {
    #"{"\#(action)Response":{"\#(action)Result":{\#(content)},"ResponseMetadata":{"RequestId":"id"}}}"#
}

private let message = Message(
    messageId: messageId,
    receiptHandle: "h",
    md5OfBody: digest(5),
    body: Array("a\r\n\t<&>\"'é😀&quot;".utf8),
    systemAttributes: [
        SystemAttribute(name: .approximateReceiveCount, value: "1"), SystemAttribute(name: .senderId, value: "0"),
    ],
    md5OfMessageAttributes: digest(6),
    messageAttributes: [
        MessageAttribute(name: "b", dataType: "Binary.png", value: .binary([0, 1, 2, 255])),
        MessageAttribute(name: "s", dataType: "String", value: .string("x\r")),
    ]
)

@Suite struct QueryAnswerTests {
    @Test(arguments: [
        (SQSResult.deleteQueue, "DeleteQueue"), (.setQueueAttributes, "SetQueueAttributes"),
        (.purgeQueue, "PurgeQueue"), (.deleteMessage, "DeleteMessage"),
        (.changeMessageVisibility, "ChangeMessageVisibility"), (.tagQueue, "TagQueue"), (.untagQueue, "UntagQueue"),
        (.addPermission, "AddPermission"), (.removePermission, "RemovePermission"),
    ])
    func `an operation without output answers its metadata alone`(result: SQSResult, action: String) {
        #expect(
            encodeQuery(result)
                == #"<?xml version="1.0"?><\#(action)Response xmlns="\#(namespace)">\#(metadata)</\#(action)Response>"#
        )
        #expect(
            encodeQuery(result, as: .json)
                == #"{"\#(action)Response":{"ResponseMetadata":{"RequestId":"id"}}}"#
        )
    }

    @Test func `an empty output is an empty element`() {
        let empty: [(SQSResult, String)] = [
            (.receiveMessage(ReceiveMessageResult()), "ReceiveMessage"),
            (.listQueues(ListQueuesResult(queueUrls: [], nextToken: nil)), "ListQueues"),
            (.getQueueAttributes(GetQueueAttributesResult(attributes: [])), "GetQueueAttributes"),
            (.listQueueTags(ListQueueTagsResult(tags: [:])), "ListQueueTags"),
            (
                .listDeadLetterSourceQueues(ListDeadLetterSourceQueuesResult(queueUrls: [])),
                "ListDeadLetterSourceQueues"
            ),
            (.listMessageMoveTasks(ListMessageMoveTasksResult(results: [])), "ListMessageMoveTasks"),
        ]
        for (result, action) in empty {
            #expect(encodeQuery(result) == answer(action, ""))
            #expect(encodeQuery(result, as: .json) == jsonAnswer(action, ""))
        }
    }

    @Test func `URLs of queues`() {
        #expect(
            encodeQuery(.createQueue(CreateQueueResult(queueUrl: "http://h/0/q")))
                == answer("CreateQueue", "<QueueUrl>http://h/0/q</QueueUrl>")
        )
        #expect(
            encodeQuery(.getQueueUrl(GetQueueUrlResult(queueUrl: "http://h/0/q")))
                == answer("GetQueueUrl", "<QueueUrl>http://h/0/q</QueueUrl>")
        )
        let urls = "<QueueUrl>a</QueueUrl><QueueUrl>b</QueueUrl><NextToken>t</NextToken>"
        let json = #""queueUrls":["a","b"],"NextToken":"t""#
        let list = SQSResult.listQueues(ListQueuesResult(queueUrls: ["a", "b"], nextToken: "t"))
        #expect(encodeQuery(list) == answer("ListQueues", urls))
        #expect(encodeQuery(list, as: .json) == jsonAnswer("ListQueues", json))
        let sources = SQSResult.listDeadLetterSourceQueues(
            ListDeadLetterSourceQueuesResult(queueUrls: ["a", "b"], nextToken: "t")
        )
        #expect(encodeQuery(sources) == answer("ListDeadLetterSourceQueues", urls))
        #expect(encodeQuery(sources, as: .json) == jsonAnswer("ListDeadLetterSourceQueues", json))
    }

    @Test func `maps are elements with a name and a value, or a key and a value`() {
        let attributes = SQSResult.getQueueAttributes(
            GetQueueAttributesResult(attributes: [("DelaySeconds", "0"), ("Policy", "{\"a\":1}")])
        )
        #expect(
            encodeQuery(attributes)
                == answer(
                    "GetQueueAttributes",
                    "<Attribute><Name>DelaySeconds</Name><Value>0</Value></Attribute>"
                        + "<Attribute><Name>Policy</Name><Value>{&quot;a&quot;:1}</Value></Attribute>"
                )
        )
        #expect(
            encodeQuery(attributes, as: .json)
                == jsonAnswer(
                    "GetQueueAttributes",
                    #""Attributes":[{"Name":"DelaySeconds","Value":"0"},{"Name":"Policy","Value":"{\"a\":1}"}]"#
                )
        )
        #expect(
            encodeQuery(.listQueueTags(ListQueueTagsResult(tags: ["b": "", "a": "1"])))
                == answer(
                    "ListQueueTags",
                    "<Tag><Key>a</Key><Value>1</Value></Tag><Tag><Key>b</Key><Value></Value></Tag>"
                )
        )
    }

    @Test func `a sent message`() {
        let result = SendMessageResult(
            messageId: messageId,
            md5OfMessageBody: digest(1),
            md5OfMessageAttributes: digest(2),
            md5OfMessageSystemAttributes: digest(3),
            sequenceNumber: "4"
        )
        #expect(
            encodeQuery(.sendMessage(result))
                == answer(
                    "SendMessage",
                    "<MD5OfMessageBody>\(digest(1).text)</MD5OfMessageBody>"
                        + "<MD5OfMessageAttributes>\(digest(2).text)</MD5OfMessageAttributes>"
                        + "<MD5OfMessageSystemAttributes>\(digest(3).text)</MD5OfMessageSystemAttributes>"
                        + "<MessageId>\(messageId.text)</MessageId><SequenceNumber>4</SequenceNumber>"
                )
        )
        let batch = SendMessageBatchResult(
            successful: [
                SendMessageBatchResultEntry(
                    id: "a",
                    result: SendMessageResult(messageId: messageId, md5OfMessageBody: digest(1))
                )
            ],
            failed: [BatchResultErrorEntry(id: "b", error: .invalidMessageContents("<"))]
        )
        #expect(
            encodeQuery(.sendMessageBatch(batch))
                == answer(
                    "SendMessageBatch",
                    "<SendMessageBatchResultEntry><Id>a</Id><MessageId>\(messageId.text)</MessageId>"
                        + "<MD5OfMessageBody>\(digest(1).text)</MD5OfMessageBody></SendMessageBatchResultEntry>"
                        + "<BatchResultErrorEntry><Id>b</Id><Code>InvalidMessageContents</Code>"
                        + "<Message>&lt;</Message><SenderFault>true</SenderFault></BatchResultErrorEntry>"
                )
        )
    }

    @Test func `entries of other batches have their own names`() {
        let result = BatchResult(
            successful: ["a"],
            failed: [BatchResultErrorEntry(id: "b", error: .internalFailure)]
        )
        let results: [(SQSResult, String)] = [
            (.deleteMessageBatch(result), "DeleteMessageBatch"),
            (.changeMessageVisibilityBatch(result), "ChangeMessageVisibilityBatch"),
        ]
        for (result, action) in results {
            let xml = encodeQuery(result)
            #expect(xml.contains("<\(action)Result><\(action)ResultEntry><Id>a</Id></\(action)ResultEntry>"))
            #expect(xml.contains("<BatchResultErrorEntry><Id>b</Id><Code>InternalFailure</Code>"))
            #expect(xml.contains("<SenderFault>false</SenderFault></BatchResultErrorEntry></\(action)Result>"))
        }
    }

    @Test func `a received message, with carriage returns and quotes as references`() {
        let one =
            "<Message><MessageId>\(messageId.text)</MessageId><ReceiptHandle>h</ReceiptHandle>"
            + "<MD5OfBody>\(digest(5).text)</MD5OfBody>"
            + "<Body>a&#xD;\n\t&lt;&amp;&gt;&quot;&apos;é😀&amp;quot;</Body>"
            + "<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>"
            + "<Attribute><Name>SenderId</Name><Value>0</Value></Attribute>"
            + "<MD5OfMessageAttributes>\(digest(6).text)</MD5OfMessageAttributes>"
            + "<MessageAttribute><Name>b</Name><Value><BinaryValue>AAEC/w==</BinaryValue>"
            + "<DataType>Binary.png</DataType></Value></MessageAttribute>"
            + "<MessageAttribute><Name>s</Name><Value><StringValue>x&#xD;</StringValue>"
            + "<DataType>String</DataType></Value></MessageAttribute></Message>"
        let result = SQSResult.receiveMessage(ReceiveMessageResult(messages: [message, message]))
        #expect(encodeQuery(result) == answer("ReceiveMessage", one + one))
    }

    @Test func `a received message in JSON has lists where the service model has maps`() {
        let json = encodeQuery(.receiveMessage(ReceiveMessageResult(messages: [message])), as: .json)
        let start = #"{"ReceiveMessageResponse":{"ReceiveMessageResult":{"messages":[{"MessageId":"\#(messageId.text)""#
        #expect(json.hasPrefix(start))
        #expect(json.contains(#""Attributes":[{"Name":"ApproximateReceiveCount","Value":"1"},"#))
        #expect(
            json.contains(#"{"Name":"b","Value":{"BinaryValue":"AAEC/w==","DataType":"Binary.png"}}"#)
        )
    }

    @Test func `move tasks`() {
        let full =
            "<TaskHandle>e30=</TaskHandle><Status>RUNNING</Status><SourceArn>arn:s</SourceArn>"
            + "<DestinationArn>arn:d</DestinationArn><MaxNumberOfMessagesPerSecond>500</MaxNumberOfMessagesPerSecond>"
            + "<ApproximateNumberOfMessagesMoved>3</ApproximateNumberOfMessagesMoved>"
            + "<ApproximateNumberOfMessagesToMove>7</ApproximateNumberOfMessagesToMove>"
            + "<FailureReason>AWS.SimpleQueueService.NonExistentQueue</FailureReason>"
            + "<StartedTimestamp>1700000000123</StartedTimestamp>"
        let bare =
            "<Status>COMPLETED</Status><SourceArn>arn:s</SourceArn>"
            + "<ApproximateNumberOfMessagesMoved>0</ApproximateNumberOfMessagesMoved>"
            + "<StartedTimestamp>0</StartedTimestamp>"
        func entry(_ content: String) -> String {
            "<ListMessageMoveTasksResultEntry>\(content)</ListMessageMoveTasksResultEntry>"
        }
        #expect(
            encodeQuery(.listMessageMoveTasks(listedMoveTasks))
                == answer("ListMessageMoveTasks", entry(full) + entry(bare))
        )
        #expect(
            encodeQuery(.startMessageMoveTask(StartMessageMoveTaskResult(taskHandle: "e30=")))
                == answer("StartMessageMoveTask", "<TaskHandle>e30=</TaskHandle>")
        )
        #expect(
            encodeQuery(.cancelMessageMoveTask(CancelMessageMoveTaskResult(approximateNumberOfMessagesMoved: 2)))
                == answer(
                    "CancelMessageMoveTask",
                    "<ApproximateNumberOfMessagesMoved>2</ApproximateNumberOfMessagesMoved>"
                )
        )
    }

    @Test func `GetCallerIdentity answers in the namespace of STS`() {
        let result = GetCallerIdentityResult(account: "000000000000", userId: "u", arn: "arn:aws:iam::0:root")
        #expect(
            encodeQuery(.getCallerIdentity(result))
                == #"<?xml version="1.0"?><GetCallerIdentityResponse "#
                + #"xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>"#
                + "<Arn>arn:aws:iam::0:root</Arn><UserId>u</UserId><Account>000000000000</Account>"
                + "</GetCallerIdentityResult>\(metadata)</GetCallerIdentityResponse>"
        )
    }

    @Test func `what is written is written behind what the buffer holds, and is XML again once it is read`() {
        for seed in 0..<300 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let body = generator.text(lengthMax: 200)
            let message = Message(
                messageId: messageId,
                receiptHandle: "h",
                md5OfBody: digest(5),
                body: Array(body.utf8)
            )
            let xml = encodeQuery(.receiveMessage(ReceiveMessageResult(messages: [message])))
            guard let start = xml.firstRange(of: "<Body>"), let end = xml.firstRange(of: "</Body>") else {
                Issue.record("no body, seed \(seed)")
                continue
            }
            let escaped = xml[start.upperBound..<end.lowerBound]
            #expect(!escaped.unicodeScalars.contains { "<>\"'\r".unicodeScalars.contains($0) }, "seed \(seed)")
            #expect(unescaped(escaped).utf8.elementsEqual(replaced(body).utf8), "seed \(seed)")
        }
    }

    private func unescaped(_ text: Substring) -> String {
        // By bytes: to strings, a letter with a combining mark is another letter.
        let references = ["lt": "<", "gt": ">", "quot": "\"", "apos": "'", "#xD": "\r", "amp": "&"]
        var parts = text.utf8.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
        var bytes = Array(parts.removeFirst())
        for part in parts {
            let end = part.firstIndex(of: UInt8(ascii: ";")) ?? part.startIndex
            bytes += (references[String(Substring(part[..<end]))] ?? "?").utf8
            bytes += part[end...].dropFirst()
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func replaced(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\t", "\n", "\r": scalars.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": scalars.append("\u{FFFD}")
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }
}
