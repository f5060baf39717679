import QueueModel
import SQSWire
import Testing

@Suite struct ChangeMessageVisibilityBatchTests {
    @Test func `entries are read in order, with or without a timeout`() throws {
        let body = """
            {"QueueUrl":"q","Entries":[{"Id":"b","ReceiptHandle":"1","VisibilityTimeout":0},
                                       {"Id":"a","ReceiptHandle":"2"}]}
            """
        let entries = [
            ChangeMessageVisibilityBatchRequestEntry(id: "b", receiptHandle: "1", visibilityTimeoutSeconds: 0),
            ChangeMessageVisibilityBatchRequestEntry(id: "a", receiptHandle: "2", visibilityTimeoutSeconds: nil),
        ]
        #expect(
            try decode("ChangeMessageVisibilityBatch", body)
                == .changeMessageVisibilityBatch(ChangeMessageVisibilityBatchRequest(queueUrl: "q", entries: entries))
        )
    }

    @Test func `missing entries are read as none`() throws {
        #expect(
            try decode("ChangeMessageVisibilityBatch", #"{"QueueUrl":"q"}"#)
                == .changeMessageVisibilityBatch(ChangeMessageVisibilityBatchRequest(queueUrl: "q", entries: []))
        )
    }

    @Test func `what an entry lacks is named with its place`() {
        #expect(
            refusal("ChangeMessageVisibilityBatch", #"{"QueueUrl":"q","Entries":[{}]}"#)
                == .missingParameter("ChangeMessageVisibilityBatchRequestEntry.1.Id")
        )
        #expect(
            refusal("ChangeMessageVisibilityBatch", #"{"QueueUrl":"q","Entries":[{"Id":"a"}]}"#)
                == .missingParameter("ChangeMessageVisibilityBatchRequestEntry.1.ReceiptHandle")
        )
    }

    @Test func `the answer looks like DeleteMessageBatch's`() {
        let failed = BatchResultErrorEntry(id: "b", error: .missingParameter("x"))
        let result = BatchResult(successful: ["a"], failed: [failed])
        #expect(encode(.changeMessageVisibilityBatch(result)) == encode(.deleteMessageBatch(result)))
        #expect(encode(.changeMessageVisibilityBatch(result)).contains(#""Code":"MissingParameter""#))
    }
}
