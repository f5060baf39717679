import QueueEngine
import QueueModel
import ReferenceStore
import Testing

/// What holds for all three batches, and for each.
@Suite struct BatchTests {
    private let broker = Broker()

    init() throws {
        try broker.create("q", ["MaximumMessageSize": "1024"])
    }

    private func requests(ids: [String]) -> [SQSRequest] {
        [
            .sendMessageBatch(
                SendMessageBatchRequest(
                    queueUrl: "q",
                    entries: ids.map { SendMessageBatchRequestEntry(id: $0, message: MessageInput(body: [65])) }
                )
            ),
            .deleteMessageBatch(
                DeleteMessageBatchRequest(
                    queueUrl: "q",
                    entries: ids.map { DeleteMessageBatchRequestEntry(id: $0, receiptHandle: "x") }
                )
            ),
            .changeMessageVisibilityBatch(
                ChangeMessageVisibilityBatchRequest(
                    queueUrl: "q",
                    entries: ids.map {
                        ChangeMessageVisibilityBatchRequestEntry(
                            id: $0,
                            receiptHandle: "x",
                            visibilityTimeoutSeconds: 0
                        )
                    }
                )
            ),
        ]
    }

    private func send(_ inputs: [MessageInput]) throws -> SendMessageBatchResult {
        let entries = inputs.enumerated().map { SendMessageBatchRequestEntry(id: "\($0)", message: $1) }
        let request = SendMessageBatchRequest(queueUrl: "q", entries: entries)
        guard case .sendMessageBatch(let result) = try broker.perform(.sendMessageBatch(request)) else {
            throw UnexpectedResult()
        }
        return result
    }

    @Test(
        arguments: [
            (
                (0..<20).map(String.init), "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
                "Maximum number of entries per request are 10. You have sent 20."
            ),
            (
                ["a", ""], "AWS.SimpleQueueService.InvalidBatchEntryId",
                "A batch entry id can only contain alphanumeric characters, hyphens and underscores. "
                    + "It can be at most 80 letters long."
            ),
            (
                ["a.b"], "AWS.SimpleQueueService.InvalidBatchEntryId",
                "A batch entry id can only contain alphanumeric characters, hyphens and underscores. "
                    + "It can be at most 80 letters long."
            ),
            (
                ["id_1", "id_2", "id_2", "id_1"], "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
                "Id id_2 repeated."
            ),
        ]
    )
    func `batches with bad entries are refused as a whole`(ids: [String], code: String, message: String) {
        for request in requests(ids: ids) {
            let error = broker.error(of: request)
            #expect(error?.code == code)
            #expect(error?.message == message)
        }
    }

    @Test func `an empty batch is refused and names its entries`() {
        #expect(
            requests(ids: []).map { broker.error(of: $0)?.message }
                == ["SendMessage", "DeleteMessage", "ChangeMessageVisibility"].map {
                    "There should be at least one \($0)BatchRequestEntry in the request."
                }
        )
        #expect(
            broker.error(of: requests(ids: [])[0])?.code == "AWS.SimpleQueueService.EmptyBatchRequest"
        )
    }

    @Test func `the entries of a batch go through or fail each for itself, in order`() throws {
        let empty = MessageAttributeInput(name: "NAME", dataType: "String", stringValue: "")
        let result = try send([
            MessageInput(body: Array("first".utf8)),
            MessageInput(body: [1]),
            MessageInput(body: [UInt8](repeating: 65, count: 1_025)),
            MessageInput(body: [65], attributes: [empty]),
            MessageInput(body: Array("last".utf8)),
        ])
        #expect(result.successful.map(\.id) == ["0", "4"])
        #expect(result.failed.map(\.id) == ["1", "2", "3"])
        #expect(
            result.failed.map(\.error.code) == [
                "InvalidMessageContents", "InvalidParameterValue", "InvalidParameterValue",
            ]
        )
        #expect(
            result.failed[1].error.message
                == "One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes."
        )
        #expect(
            result.failed[2].error.message
                == "Message (user) attribute 'NAME' must contain a non-empty value of type 'String'."
        )
        let messages = try broker.receive("q") { $0.maxNumberOfMessages = 10 }
        #expect(messages.map(\.body) == [Array("first".utf8), Array("last".utf8)])
        #expect(messages.map(\.messageId) == result.successful.map(\.result.messageId))
        #expect(messages.map(\.md5OfBody) == result.successful.map(\.result.md5OfMessageBody))
    }

    @Test func `a batch with nothing to do still wants its queue to be there`() throws {
        #expect(try send([MessageInput(body: [])]).failed.count == 1)
        _ = try broker.perform(.deleteQueue(DeleteQueueRequest(queueUrl: "q")))
        #expect(throws: SQSError.queueDoesNotExist) { try send([MessageInput(body: [])]) }
        for request in requests(ids: ["a"]) {
            #expect(broker.error(of: request) == .queueDoesNotExist)
        }
    }

    @Test func `a batch of 1048576 bytes is taken and one byte more is refused`() throws {
        try broker.create("large")
        func request(_ sizes: [Int]) -> SQSRequest {
            let entries = sizes.enumerated().map { index, size in
                SendMessageBatchRequestEntry(
                    id: "\(index)",
                    message: MessageInput(
                        body: [UInt8](repeating: 65, count: size - 10),
                        attributes: [MessageAttributeInput(name: "abc", dataType: "String", stringValue: "x")]
                    )
                )
            }
            return .sendMessageBatch(SendMessageBatchRequest(queueUrl: "large", entries: entries))
        }
        #expect(broker.error(of: request([524_288, 524_288])) == nil)
        let error = broker.error(of: request([524_288, 524_289]))
        #expect(error?.code == "AWS.SimpleQueueService.BatchRequestTooLong")
        #expect(
            error?.message == "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes."
        )
    }

    @Test func `deleting and changing in batches does what it can`() throws {
        for body in ["a", "b"] { try broker.send(body, to: "q") }
        let handles = try broker.receive("q") { $0.maxNumberOfMessages = 2 }.map(\.receiptHandle)
        let changes = ChangeMessageVisibilityBatchRequest(
            queueUrl: "q",
            entries: [
                .init(id: "garbage", receiptHandle: "garbage", visibilityTimeoutSeconds: 1),
                .init(id: "a", receiptHandle: handles[0], visibilityTimeoutSeconds: 0),
                .init(id: "none", receiptHandle: handles[0], visibilityTimeoutSeconds: nil),
                .init(id: "long", receiptHandle: handles[0], visibilityTimeoutSeconds: 43_201),
                .init(id: "b", receiptHandle: handles[1], visibilityTimeoutSeconds: 60),
            ]
        )
        guard
            case .changeMessageVisibilityBatch(let changed) = try broker.perform(.changeMessageVisibilityBatch(changes))
        else { throw UnexpectedResult() }
        #expect(changed.successful == ["a", "b"])
        #expect(changed.failed.map(\.id) == ["garbage", "none", "long"])
        #expect(
            changed.failed.map(\.error.code) == [
                "ReceiptHandleIsInvalid", "MissingParameter", "InvalidParameterValue",
            ]
        )
        #expect(try broker.receive("q").map(\.body) == [[UInt8(ascii: "a")]])

        let deletes = DeleteMessageBatchRequest(
            queueUrl: "q",
            entries: [
                .init(id: "b", receiptHandle: handles[1]), .init(id: "empty", receiptHandle: ""),
                .init(id: "garbage", receiptHandle: "garbage"), .init(id: "a", receiptHandle: handles[0]),
            ]
        )
        guard case .deleteMessageBatch(let deleted) = try broker.perform(.deleteMessageBatch(deletes)) else {
            throw UnexpectedResult()
        }
        #expect(deleted.successful == ["b", "a"])
        #expect(
            deleted.failed.map(\.error) == [.missingParameter("ReceiptHandle"), .receiptHandleIsInvalid("garbage")]
        )
        let queues = broker.reference.snapshot().queues.values
        #expect(queues.allSatisfy { $0.messages.isEmpty })
    }
}
