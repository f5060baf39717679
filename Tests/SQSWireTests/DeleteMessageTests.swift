import QueueModel
import SQSWire
import Testing

@Suite struct DeleteMessageTests {
    @Test func `queue and handle are read, an empty handle too`() throws {
        for handle in ["AbC+/=", ""] {
            #expect(
                try decode("DeleteMessage", #"{"QueueUrl":"q","ReceiptHandle":"\#(handle)"}"#)
                    == .deleteMessage(DeleteMessageRequest(queueUrl: "q", receiptHandle: handle))
            )
        }
    }

    @Test func `without queue or handle the parameter is missing`() {
        #expect(refusal("DeleteMessage", #"{"ReceiptHandle":"h"}"#) == .missingParameter("QueueUrl"))
        #expect(refusal("DeleteMessage", #"{"QueueUrl":"q"}"#) == .missingParameter("ReceiptHandle"))
    }

    @Test func `the answer has no bytes`() {
        #expect(encode(.deleteMessage) == "")
    }
}
