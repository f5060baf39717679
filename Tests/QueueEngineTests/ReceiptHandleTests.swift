import QueueEngine
import QueueModel
import Testing

/// DeleteMessage and ChangeMessageVisibility.
@Suite struct ReceiptHandleTests {
    private let broker = Broker()

    init() throws {
        try broker.create("q")
        try broker.create("other")
    }

    private func deleting(_ handle: String, from queue: String = "q") -> SQSRequest {
        .deleteMessage(DeleteMessageRequest(queueUrl: queue, receiptHandle: handle))
    }

    private func changing(_ handle: String, to seconds: Int, in queue: String = "q") -> SQSRequest {
        .changeMessageVisibility(
            ChangeMessageVisibilityRequest(queueUrl: queue, receiptHandle: handle, visibilityTimeoutSeconds: seconds)
        )
    }

    private func receivedHandle() throws -> String {
        try broker.send("a", to: "q")
        return try #require(try broker.receive("q").first?.receiptHandle)
    }

    @Test func `a handle deletes its message, twice too, and with an old handle`() throws {
        let old = try receivedHandle()
        broker.timers.advance(milliseconds: 30_000)
        let new = try #require(try broker.receive("q").first?.receiptHandle)
        #expect(new != old)
        #expect(try broker.perform(deleting(old)) == .deleteMessage)
        #expect(try broker.perform(deleting(new)) == .deleteMessage)
        broker.timers.advance(milliseconds: 30_000)
        #expect(try broker.receive("q").isEmpty)
    }

    @Test func `handles that were never given for this queue are refused`() throws {
        let handle = try receivedHandle()
        var forged = Array(handle)
        forged[10] = forged[10] == "A" ? "B" : "A"
        for (handle, queue) in [("garbage", "q"), (String(forged), "q"), (handle, "other")] {
            let expected = SQSError.receiptHandleIsInvalid(handle)
            #expect(broker.error(of: deleting(handle, from: queue)) == expected)
            #expect(broker.error(of: changing(handle, to: 0, in: queue)) == expected)
        }
        #expect(
            broker.error(of: deleting("garbage"))?.message
                == #"The input receipt handle "garbage" is not a valid receipt handle."#
        )
        #expect(broker.error(of: deleting("")) == .missingParameter("ReceiptHandle"))
        #expect(broker.error(of: changing("", to: 0)) == .missingParameter("ReceiptHandle"))
    }

    @Test func `the visibility timeout can be changed, up to twelve hours in total`() throws {
        let handle = try receivedHandle()
        #expect(try broker.perform(changing(handle, to: 0)) == .changeMessageVisibility)
        let again = try #require(try broker.receive("q").first?.receiptHandle)
        broker.timers.advance(milliseconds: 10_000)
        #expect(
            broker.error(of: changing(again, to: 43_191))?.message
                == "Value 43191 for parameter VisibilityTimeout is invalid. "
                + "Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]"
        )
        #expect(try broker.perform(changing(again, to: 43_190)) == .changeMessageVisibility)
        for seconds in [-1, 43_201] {
            #expect(
                broker.error(of: changing(again, to: seconds))?.message
                    == "Value \(seconds) for parameter VisibilityTimeout is invalid. "
                    + "Reason: Must be >= 0 and <= 43200, if provided."
            )
        }
    }

    @Test func `the visibility of a deleted message can't be changed`() throws {
        let handle = try receivedHandle()
        _ = try broker.perform(deleting(handle))
        #expect(
            broker.error(of: changing(handle, to: 5))
                == .invalidParameterValue(
                    "Value \(handle) for parameter ReceiptHandle is invalid. "
                        + "Reason: Message does not exist or is not available for visibility timeout change."
                )
        )
    }
}
