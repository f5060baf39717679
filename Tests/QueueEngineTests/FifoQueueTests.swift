import QueueEngine
import QueueModel
import Testing

/// FIFO queues as the engine sees them: their attributes, and what goes in and comes out.
@Suite struct FifoQueueTests {
    private let broker = Broker()

    init() throws {
        try broker.create("q.fifo", ["FifoQueue": "true"])
    }

    private func input(_ body: String, group: String? = "g", id: String? = nil, delay: Int? = nil) -> MessageInput {
        MessageInput(
            body: Array(body.utf8),
            delaySeconds: delay,
            messageGroupId: group,
            messageDeduplicationId: id
        )
    }

    private func error(of input: MessageInput) -> SQSError? {
        broker.error(of: .sendMessage(SendMessageRequest(queueUrl: "q.fifo", message: input)))
    }

    private func batch(_ inputs: [MessageInput]) -> SQSRequest {
        let entries = inputs.enumerated().map { SendMessageBatchRequestEntry(id: "\($0)", message: $1) }
        return .sendMessageBatch(SendMessageBatchRequest(queueUrl: "q.fifo", entries: entries))
    }

    private func attributes(_ names: [String] = ["All"]) throws -> [String: String] {
        let request = GetQueueAttributesRequest(queueUrl: "q.fifo", attributeNames: names)
        guard case .getQueueAttributes(let result) = try broker.perform(.getQueueAttributes(request)) else {
            throw UnexpectedResult()
        }
        return Dictionary(uniqueKeysWithValues: result.attributes.map { ($0.name, $0.value) })
    }

    private func setting(_ attributes: [String: String]) -> SQSRequest {
        .setQueueAttributes(SetQueueAttributesRequest(queueUrl: "q.fifo", attributes: attributes))
    }

    @Test func `a FIFO queue shows four attributes more`() throws {
        let attributes = try attributes()
        #expect(attributes["FifoQueue"] == "true")
        #expect(attributes["ContentBasedDeduplication"] == "false")
        #expect(attributes["DeduplicationScope"] == "queue")
        #expect(attributes["FifoThroughputLimit"] == "perQueue")
        #expect(attributes.count == 16)
    }

    @Test func `creating a FIFO queue again compares its attributes`() throws {
        let url = "http://localhost:9324/000000000000/q.fifo"
        #expect(try broker.create("q.fifo", ["FifoQueue": "true"]) == url)
        let other = CreateQueueRequest(
            queueName: "q.fifo",
            attributes: ["FifoQueue": "true", "ContentBasedDeduplication": "true"]
        )
        #expect(
            broker.error(of: .createQueue(other)) == .queueNameExists(differing: .contentBasedDeduplication)
        )
    }

    @Test func `its type never changes, its other attributes do`() throws {
        #expect(try broker.perform(setting(["FifoQueue": "true"])) == .setQueueAttributes)
        #expect(
            broker.error(of: setting(["FifoQueue": "false"]))
                == .invalidAttributeValue(for: "FifoQueue", reason: "Modifying queue type is not supported.")
        )
        #expect(
            broker.error(of: setting(["FifoThroughputLimit": "perMessageGroupId"]))?.code == "InvalidAttributeValue"
        )
        _ = try broker.perform(
            setting(["DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"])
        )
        #expect(try attributes(["DeduplicationScope"]) == ["DeduplicationScope": "messageGroup"])
        for name in ["ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"] {
            #expect(broker.error(of: setting([name: "x"]))?.code == "InvalidAttributeValue")
        }
    }

    @Test func `a message needs a group, in a batch as well but with another code`() {
        for group in [nil, ""] {
            #expect(error(of: input("a", group: group, id: "d")) == .missingParameter("MessageGroupId"))
            #expect(
                broker.error(of: batch([input("a", id: "1"), input("b", group: group, id: "2")]))
                    == .invalidParameterValue("The request must contain the parameter MessageGroupId.")
            )
        }
    }

    @Test func `group and deduplication ids have 1 to 128 letters, digits and punctuation characters`() throws {
        let punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
        try broker.send(input("a", group: punctuation, id: punctuation), to: "q.fifo")
        for id in ["group 123", "ü", "a\u{7F}", String(repeating: "x", count: 129)] {
            let reason = "can only include alphanumeric and punctuation characters. 1 to 128 in length."
            #expect(
                error(of: input("a", group: id, id: "d"))
                    == .invalidParameterValue(id, for: "MessageGroupId", reason: "MessageGroupId \(reason)")
            )
            #expect(
                error(of: input("a", id: id))
                    == .invalidParameterValue(
                        id,
                        for: "MessageDeduplicationId",
                        reason: "MessageDeduplicationId \(reason)"
                    )
            )
        }
        #expect(error(of: input("a", id: ""))?.code == "InvalidParameterValue")
    }

    @Test func `a delay of its own is refused, zero means the queue's`() throws {
        _ = try broker.perform(setting(["DelaySeconds": "5"]))
        let refusal = SQSError.invalidParameterValue(
            "Value 2 for parameter DelaySeconds is invalid. "
                + "Reason: The request include parameter that is not valid for this queue type."
        )
        #expect(error(of: input("a", id: "1", delay: 2)) == refusal)
        try broker.send(input("b", id: "2", delay: 0), to: "q.fifo")
        #expect(try broker.receive("q.fifo").isEmpty)
        broker.timers.advance(milliseconds: 5_000)
        #expect(try broker.receive("q.fifo").count == 1)

        guard
            case .sendMessageBatch(let result) = try broker.perform(
                batch([input("c", id: "3"), input("d", id: "4", delay: 2)])
            )
        else { throw UnexpectedResult() }
        #expect(result.successful.map(\.id) == ["0"])
        #expect(result.failed == [BatchResultErrorEntry(id: "1", error: refusal.inBatch)])
        #expect(
            refusal.inBatch.message == "The request include parameter that is not valid for this queue type"
        )
    }

    @Test func `without any deduplication id a message is refused`() {
        #expect(
            error(of: input("a"))
                == .invalidParameterValue(
                    "The queue should either have ContentBasedDeduplication enabled "
                        + "or MessageDeduplicationId provided explicitly"
                )
        )
    }

    @Test func `a batch with one message that has no deduplication id is refused as a whole`() throws {
        let refusal = try #require(error(of: input("a")))
        #expect(broker.error(of: batch([input("b", id: "1"), input("c")])) == refusal)
        #expect(try broker.receive("q.fifo").isEmpty)
    }

    @Test func `a duplicate is answered with the first one's id and number, and the digests of what was sent`() throws {
        let first = try broker.send(input("a", id: "d"), to: "q.fifo")
        let second = try broker.send(input("b", id: "d"), to: "q.fifo")
        #expect(first.sequenceNumber?.count == 20)
        #expect(second.messageId == first.messageId)
        #expect(second.sequenceNumber == first.sequenceNumber)
        #expect(second.md5OfMessageBody == MD5Digest(of: Array("b".utf8)))
        let received = try broker.receive("q.fifo") { $0.maxNumberOfMessages = 10 }
        #expect(received.map(\.messageId) == [first.messageId])
    }

    @Test func `the id of a content is its SHA-256, and an explicit one wins`() throws {
        _ = try broker.perform(setting(["ContentBasedDeduplication": "true"]))
        try broker.send(input("abc"), to: "q.fifo")
        try broker.send(input("abc"), to: "q.fifo")
        try broker.send(input("abc", id: "own"), to: "q.fifo")
        let received = try broker.receive("q.fifo") {
            $0.maxNumberOfMessages = 10
            $0.systemAttributeNames = ["MessageDeduplicationId"]
        }
        #expect(
            received.map { $0.systemAttributes.map(\.value) } == [
                ["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"], ["own"],
            ]
        )
    }

    @Test func `a received message shows group, deduplication id and number`() throws {
        let sent = try broker.send(input("a", id: "d"), to: "q.fifo")
        let message = try #require(try broker.receive("q.fifo") { $0.systemAttributeNames = ["All"] }.first)
        #expect(
            message.systemAttributes.map(\.name.rawValue) == [
                "ApproximateFirstReceiveTimestamp", "ApproximateReceiveCount", "MessageDeduplicationId",
                "MessageGroupId", "SenderId", "SentTimestamp", "SequenceNumber",
            ]
        )
        let values = Dictionary(uniqueKeysWithValues: message.systemAttributes.map { ($0.name, $0.value) })
        #expect(values[.messageDeduplicationId] == "d")
        #expect(values[.messageGroupId] == "g")
        #expect(values[.sequenceNumber] == sent.sequenceNumber)
    }

    @Test func `the same attempt gives the same messages and handles again`() throws {
        try broker.send(input("a", id: "1"), to: "q.fifo")
        let first = try broker.receive("q.fifo") { $0.receiveRequestAttemptId = "attempt" }
        #expect(first.count == 1)
        #expect(try broker.receive("q.fifo") { $0.receiveRequestAttemptId = "attempt" } == first)
        #expect(try broker.receive("q.fifo") { $0.receiveRequestAttemptId = "other" }.isEmpty)
        for attempt in ["", "a b", String(repeating: "a", count: 129)] {
            let request = ReceiveMessageRequest(queueUrl: "q.fifo", receiveRequestAttemptId: attempt)
            #expect(
                broker.error(of: .receiveMessage(request))
                    == .invalidParameterValue(
                        attempt,
                        for: "ReceiveRequestAttemptId",
                        reason: "ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. "
                            + "1 to 128 in length."
                    )
            )
        }
    }

    @Test func `what an attempt got stays hidden for it when its caller leaves`() throws {
        try broker.send(input("a", id: "1"), to: "q.fifo")
        let caller = Caller.new()
        let later = Later()
        let request = ReceiveMessageRequest(queueUrl: "q.fifo", waitTimeSeconds: 0, receiveRequestAttemptId: "x")
        broker.begin(.receiveMessage(request), for: caller, on: later)
        caller.leave()
        later.run()
        #expect(try broker.receive("q.fifo").isEmpty)
        #expect(try broker.receive("q.fifo") { $0.receiveRequestAttemptId = "x" }.count == 1)
    }

    @Test func `an expired handle deletes nothing and changes nothing`() throws {
        try broker.send(input("a", id: "1"), to: "q.fifo")
        let handle = try #require(try broker.receive("q.fifo") { $0.visibilityTimeoutSeconds = 1 }.first).receiptHandle
        broker.timers.advance(milliseconds: 1_000)
        let refusal = SQSError.invalidParameterValue(
            "Value \(handle) for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired."
        )
        let delete = DeleteMessageRequest(queueUrl: "q.fifo", receiptHandle: handle)
        #expect(broker.error(of: .deleteMessage(delete)) == refusal)
        let entry = DeleteMessageBatchRequestEntry(id: "0", receiptHandle: handle)
        let deletes = DeleteMessageBatchRequest(queueUrl: "q.fifo", entries: [entry])
        #expect(
            try broker.perform(.deleteMessageBatch(deletes))
                == .deleteMessageBatch(BatchResult(failed: [BatchResultErrorEntry(id: "0", error: refusal)]))
        )
        #expect(try broker.receive("q.fifo").count == 1)
    }

    @Test func `too many messages in flight are an empty answer`() throws {
        let broker = Broker(inFlightMessagesMax: 1)
        try broker.create("q.fifo", ["FifoQueue": "true"])
        for id in ["1", "2"] { try broker.send(input("a", group: id, id: id), to: "q.fifo") }
        #expect(try broker.receive("q.fifo").count == 1)
        #expect(try broker.receive("q.fifo").isEmpty)
    }

    @Test func `deleting a group's head wakes a poll for the rest of the group`() throws {
        for id in ["1", "2"] { try broker.send(input(id, id: id), to: "q.fifo") }
        let head = try #require(try broker.receive("q.fifo").first)
        let poll = broker.poll("q.fifo")
        #expect(poll.count == 0)
        _ = try broker.perform(
            .deleteMessage(DeleteMessageRequest(queueUrl: "q.fifo", receiptHandle: head.receiptHandle))
        )
        #expect(poll.bodies == ["2"])
    }

    @Test func `a head whose timeout ends wakes a poll`() throws {
        for id in ["1", "2"] { try broker.send(input(id, id: id), to: "q.fifo") }
        _ = try broker.receive("q.fifo") { $0.visibilityTimeoutSeconds = 3 }
        let poll = broker.poll("q.fifo", count: 10)
        broker.timers.advance(milliseconds: 2_999)
        #expect(poll.count == 0)
        broker.timers.advance(milliseconds: 1)
        #expect(poll.bodies == ["1", "2"])
    }
}
