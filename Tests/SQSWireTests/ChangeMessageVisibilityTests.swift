import QueueModel
import SQSWire
import Testing

@Suite struct ChangeMessageVisibilityTests {
    @Test func `queue, handle and timeout are read, zero and nonsense too`() throws {
        for timeout in [0, 30, -1, 99_999] {
            let expected = ChangeMessageVisibilityRequest(
                queueUrl: "q",
                receiptHandle: "h",
                visibilityTimeoutSeconds: timeout
            )
            let body = #"{"QueueUrl":"q","ReceiptHandle":"h","VisibilityTimeout":\#(timeout)}"#
            #expect(try decode("ChangeMessageVisibility", body) == .changeMessageVisibility(expected))
        }
    }

    @Test(arguments: [
        (#"{"ReceiptHandle":"h","VisibilityTimeout":1}"#, "QueueUrl"),
        (#"{"QueueUrl":"q","VisibilityTimeout":1}"#, "ReceiptHandle"),
        (#"{"QueueUrl":"q","ReceiptHandle":"h"}"#, "VisibilityTimeout"),
    ])
    func `all three have to be there`(body: String, missing: String) {
        #expect(refusal("ChangeMessageVisibility", body) == .missingParameter(missing))
    }

    @Test func `the answer has no bytes`() {
        #expect(encode(.changeMessageVisibility) == "")
    }
}
