import QueueModel
import SQSWire
import Testing

@Suite struct DeleteMessageBatchTests {
    @Test func `entries are read in order`() throws {
        let body = #"{"QueueUrl":"q","Entries":[{"Id":"b","ReceiptHandle":"1"},{"Id":"a","ReceiptHandle":"2"}]}"#
        let entries = [
            DeleteMessageBatchRequestEntry(id: "b", receiptHandle: "1"),
            DeleteMessageBatchRequestEntry(id: "a", receiptHandle: "2"),
        ]
        #expect(
            try decode("DeleteMessageBatch", body)
                == .deleteMessageBatch(DeleteMessageBatchRequest(queueUrl: "q", entries: entries))
        )
    }

    @Test func `missing entries are read as none`() throws {
        #expect(
            try decode("DeleteMessageBatch", #"{"QueueUrl":"q"}"#)
                == .deleteMessageBatch(DeleteMessageBatchRequest(queueUrl: "q", entries: []))
        )
    }

    @Test func `what an entry lacks is named with its place`() {
        #expect(
            refusal("DeleteMessageBatch", #"{"QueueUrl":"q","Entries":[{"ReceiptHandle":"h"}]}"#)
                == .missingParameter("DeleteMessageBatchRequestEntry.1.Id")
        )
        #expect(
            refusal("DeleteMessageBatch", #"{"QueueUrl":"q","Entries":[{"Id":"a","ReceiptHandle":"h"},{"Id":"b"}]}"#)
                == .missingParameter("DeleteMessageBatchRequestEntry.2.ReceiptHandle")
        )
    }

    @Test func `the answer has the ids that went through and the errors of the others`() {
        let failed = BatchResultErrorEntry(id: "c", error: .receiptHandleIsInvalid("x"))
        #expect(
            encode(.deleteMessageBatch(BatchResult(successful: ["a", "b"], failed: [failed])))
                == #"{"Successful":[{"Id":"a"},{"Id":"b"}],"Failed":[{"Id":"c","SenderFault":true,"#
                + #""Code":"ReceiptHandleIsInvalid","#
                + #""Message":"The input receipt handle \"x\" is not a valid receipt handle."}]}"#
        )
        let broken = BatchResultErrorEntry(id: "c", error: .internalFailure)
        #expect(encode(.deleteMessageBatch(BatchResult(failed: [broken]))).contains(#""SenderFault":false"#))
        #expect(encode(.deleteMessageBatch(BatchResult(successful: ["a"]))) == #"{"Successful":[{"Id":"a"}]}"#)
    }
}
