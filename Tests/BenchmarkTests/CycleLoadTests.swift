import Benchmark
import Testing

/// The loads with a server that the test plays.
struct CycleLoadTests {
    private static let endpoint = Endpoint(loopbackPort: 9324)
    private static let url = "http://127.0.0.1:9324/000000000000/q"

    private let wire: WireProtocol = .json

    /// One connection that the test answers by hand.
    private final class Conversation {
        let ledger: Ledger
        let load: any Load
        private var buffer = RequestBuffer()
        private var operation: Benchmark.Operation?

        init(_ shape: MessageShape, _ ledger: Ledger, _ load: any Load) {
            self.ledger = ledger
            self.load = load
        }

        /// The text of the next request; nil if the load is done.
        func next(stopping: Bool = false) -> String? {
            buffer = RequestBuffer()
            operation = load.writeRequest(connection: 0, stopping: stopping, into: &buffer)
            return operation == nil ? nil : String(decoding: buffer.bytes, as: UTF8.self)
        }

        func answer(_ text: String) throws {
            let operation = try #require(operation)
            let outcome: Result<Void, BenchmarkError> = Array(text.utf8).withUnsafeBytes { bytes in
                Result { () throws(BenchmarkError) in
                    try load.take(body: bytes, operation: operation, connection: 0)
                }
            }
            try outcome.get()
        }
    }

    private func cycle(_ shape: MessageShape, _ wire: WireProtocol = .json) -> Conversation {
        let ledger = Ledger(shape)
        let requests = Requests(endpoint: Self.endpoint, queueURL: Self.url, shape: shape, wire: wire)
        return Conversation(shape, ledger, CycleLoad(requests: requests, connections: 1, ledger: ledger))
    }

    private func body(_ sequence: Int, _ bytes: Int) -> String {
        let digits = String(sequence)
        let zeros = String(repeating: "0", count: MessageShape.sequenceDigits - digits.count)
        return zeros + digits + String(repeating: "x", count: bytes - MessageShape.sequenceDigits)
    }

    private func json(_ sequences: [Int], bytes: Int = 20) -> String {
        let messages = sequences.map { #"{"ReceiptHandle":"h\#($0)","MD5OfBody":"-","Body":"\#(body($0, bytes))"}"# }
        return #"{"Messages":[\#(messages.joined(separator: ","))]}"#
    }

    @Test func `a message is sent, received and deleted, and then the next one`() throws {
        let talk = cycle(MessageShape(bodyBytes: 20))
        #expect(talk.next()?.contains(#""MessageBody": "000000000000xxxxxxxx"}"#) == true)
        try talk.answer("{}")
        #expect(talk.next()?.contains("AmazonSQS.ReceiveMessage") == true)
        try talk.answer(json([0]))
        #expect(talk.next()?.hasSuffix(#""ReceiptHandle": "h0"}"#) == true)
        try talk.answer("{}")
        #expect(talk.next()?.contains("000000000001xxxxxxxx") == true)
        try talk.answer("{}")
        #expect(talk.ledger.acknowledged == 2 && talk.ledger.deleted == 1 && talk.ledger.missing == 1)
    }

    @Test func `a stopped load finishes its cycle`() throws {
        let talk = cycle(MessageShape(bodyBytes: 20))
        _ = talk.next()
        try talk.answer("{}")
        #expect(talk.next(stopping: true) != nil)
        try talk.answer(json([0]))
        #expect(talk.next(stopping: true) != nil)
        try talk.answer("{}")
        #expect(talk.next(stopping: true) == nil)
        #expect(talk.ledger.missing == 0)
    }

    @Test func `a planted loss, repetition and swap are each noticed`() throws {
        let talk = cycle(MessageShape(bodyBytes: 20, groups: 1, batch: 10))
        #expect(
            talk.next()?.contains(#""MessageGroupId": "g0000000", "MessageDeduplicationId": "000000000009""#) == true
        )
        try talk.answer("{}")
        _ = talk.next()
        // 5 is lost, 2 comes twice, 8 before 7.
        try talk.answer(json([0, 1, 2, 2, 3, 4, 6, 8, 7, 9]))
        #expect(talk.ledger.missing == 1)
        #expect(talk.ledger.doubled == 1)
        #expect(talk.ledger.outOfOrder == 1)
    }

    @Test func `a batch that fails in part ends the measurement`() throws {
        let talk = cycle(MessageShape(batch: 10))
        _ = talk.next()
        try talk.answer(#"{"Failed":[],"Successful":[]}"#)
        let failing = cycle(MessageShape(batch: 10))
        _ = failing.next()
        let error = #expect(throws: BenchmarkError.self) { try failing.answer(#"{"Failed":[{"Id":"1"}]}"#) }
        #expect(error?.kind == .answer)
    }

    @Test func `the Query protocol has forms for requests and XML for answers`() throws {
        let talk = cycle(MessageShape(bodyBytes: 20, batch: 2), .query)
        let send = try #require(talk.next())
        #expect(send.contains("Action=SendMessageBatch&Version=2012-11-05&QueueUrl=http%3A%2F%2F127.0.0.1%3A9324%2F"))
        #expect(send.contains("&SendMessageBatchRequestEntry.2.MessageBody=000000000001xxxxxxxx"))
        try talk.answer("<SendMessageBatchResponse/>")
        _ = talk.next()
        let messages = (0...1).map { number in
            "<Message><ReceiptHandle>h/\(number)</ReceiptHandle><Body>\(body(number, 20))</Body></Message>"
        }
        try talk.answer("<ReceiveMessageResult>\(messages.joined())</ReceiveMessageResult>")
        let delete = try #require(talk.next())
        #expect(
            delete.hasSuffix(
                "&DeleteMessageBatchRequestEntry.2.Id=1&DeleteMessageBatchRequestEntry.2.ReceiptHandle=h%2F1"
            )
        )
        let error = #expect(throws: BenchmarkError.self) { try talk.answer("<BatchResultErrorEntry></x>") }
        #expect(error?.kind == .answer)
    }

    @Test(arguments: WireProtocol.allCases)
    func `the length that a request tells is that of its body`(wire: WireProtocol) throws {
        for shape in [MessageShape(), MessageShape(groups: 3), MessageShape(groups: 3, batch: 10)] {
            let talk = cycle(shape, wire)
            let request = try #require(talk.next())
            let parts = request.split(separator: "\r\n\r\n", maxSplits: 1)
            #expect(parts.count == 2 && parts[0].hasSuffix("Content-Length: \(parts[1].utf8.count)"))
        }
    }

    @Test func `a drain takes out what is left and waits for what is missing`() throws {
        let shape = MessageShape(bodyBytes: 20, batch: 10)
        let ledger = Ledger(shape)
        _ = ledger.take(2)
        ledger.acknowledge(2)
        let requests = Requests(endpoint: Self.endpoint, queueURL: Self.url, shape: shape)
        let talk = Conversation(shape, ledger, DrainLoad(requests: requests, connections: 1, ledger: ledger))
        _ = talk.next()
        try talk.answer(json([0]))
        #expect(talk.next()?.contains("DeleteMessageBatch") == true)
        try talk.answer("{}")
        _ = talk.next()
        try talk.answer("{}")
        #expect(talk.next()?.contains(#""WaitTimeSeconds": 1"#) == true)
        try talk.answer(json([1]))
        _ = talk.next()
        try talk.answer("{}")
        _ = talk.next()
        try talk.answer("{}")
        #expect(talk.next() == nil)
        #expect(ledger.missing == 0 && ledger.deleted == 2)
    }
}
