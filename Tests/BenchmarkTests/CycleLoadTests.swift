import Benchmark
import Testing

/// Loads of whole cycles, with a server that the test plays.
struct CycleLoadTests {
    private func cycle(_ shape: MessageShape, _ wire: WireProtocol = .json) -> Conversation {
        let ledger = Ledger(shape)
        let load = CycleLoad(requests: Conversation.requests(shape, wire), connections: 1, ledger: ledger)
        return Conversation(ledger, load)
    }

    @Test func `a message is sent, received and deleted, and then the next one`() throws {
        let talk = cycle(MessageShape(bodyBytes: 20))
        #expect(talk.next()?.contains(#""MessageBody": "000000000000xxxxxxxx"}"#) == true)
        try talk.answer("{}")
        #expect(talk.next()?.contains("AmazonSQS.ReceiveMessage") == true)
        try talk.answer(Conversation.json([0]))
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
        try talk.answer(Conversation.json([0]))
        #expect(talk.next(stopping: true) != nil)
        try talk.answer("{}")
        #expect(talk.next(stopping: true) == nil)
        #expect(talk.ledger.missing == 0)
    }

    @Test func `of several queues each cycle goes to the next one, also when the load is run again`() throws {
        let shape = MessageShape(bodyBytes: 20)
        let queues = (0..<3).map { Conversation.requests(shape, queue: "q\($0)") }
        let ledger = Ledger(shape)
        let load = CycleLoad(queues: queues, connections: 1, ledger: ledger)
        let talk = Conversation(ledger, load)
        for (sequence, queue) in ["q0", "q1", "q2", "q0"].enumerated() {
            #expect(load.queuesUsed == min(sequence, 3))
            #expect(talk.next()?.contains("/000000000000/\(queue)\"") == true)
            try talk.answer("{}")
            _ = talk.next()
            try talk.answer(Conversation.json([sequence]))
            _ = talk.next()
            try talk.answer("{}")
            #expect(talk.next(stopping: true) == nil)
        }
    }

    @Test func `a planted loss, repetition and swap are each noticed`() throws {
        let talk = cycle(MessageShape(bodyBytes: 20, groups: 1, batch: 10))
        #expect(
            talk.next()?.contains(#""MessageGroupId": "g0000000", "MessageDeduplicationId": "000000000009""#) == true
        )
        try talk.answer("{}")
        _ = talk.next()
        // 5 is lost, 2 comes twice, 8 before 7.
        try talk.answer(Conversation.json([0, 1, 2, 2, 3, 4, 6, 8, 7, 9]))
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
            "<Message><ReceiptHandle>h/\(number)</ReceiptHandle><Body>\(Conversation.body(number, 20))</Body></Message>"
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
        let load = DrainLoad(requests: Conversation.requests(shape), connections: 1, ledger: ledger)
        let talk = Conversation(ledger, load)
        _ = talk.next()
        try talk.answer(Conversation.json([0]))
        #expect(talk.next()?.contains("DeleteMessageBatch") == true)
        try talk.answer("{}")
        _ = talk.next()
        try talk.answer("{}")
        #expect(talk.next()?.contains(#""WaitTimeSeconds": 1"#) == true)
        try talk.answer(Conversation.json([1]))
        _ = talk.next()
        try talk.answer("{}")
        _ = talk.next()
        try talk.answer("{}")
        #expect(talk.next() == nil)
        #expect(ledger.missing == 0 && ledger.deleted == 2)
    }
}
