import Benchmark
import Testing

/// Loads of sends, of receives and of deletes alone, with a server that the test plays.
struct StepLoadTests {
    private func send(_ shape: MessageShape, count: Int, connections: Int, _ ledger: Ledger) -> Conversation {
        let requests = Conversation.requests(shape)
        let load = SendLoad(requests: requests, count: count, connections: connections, ledger: ledger)
        return Conversation(ledger, load)
    }

    private func groups(_ request: String?) -> [String] {
        (request ?? "").split(separator: "\"MessageGroupId\": \"").dropFirst().map { String($0.prefix(8)) }
    }

    @Test func `the messages of a batch go to one group after the other, and the next load goes on from there`() throws
    {
        let shape = MessageShape(bodyBytes: 20, groups: 5, batch: 3)
        let ledger = Ledger(shape)
        let first = send(shape, count: 3, connections: 1, ledger)
        #expect(groups(first.next()) == ["g0000000", "g0000001", "g0000002"])
        try first.answer("{}")
        #expect(first.next() == nil)
        let second = send(shape, count: 3, connections: 1, ledger)
        #expect(groups(second.next()) == ["g0000003", "g0000004", "g0000000"])
        try second.answer("{}")
        #expect(ledger.acknowledged == 6 && ledger.sent == 6)
    }

    @Test func `each connection sends its share, however fast it is`() throws {
        let shape = MessageShape(bodyBytes: 20, groups: 2)
        let ledger = Ledger(shape, connections: 2)
        let talk = send(shape, count: 3, connections: 2, ledger)
        #expect(groups(talk.next(connection: 0)) == ["g0000000"])
        #expect(groups(talk.next(connection: 0)) == ["g0000000"])
        #expect(talk.next(connection: 0) == nil)
        #expect(groups(talk.next(connection: 1)) == ["g0000001"])
        #expect(talk.next(connection: 1) == nil)
    }

    @Test func `a message that overtakes another of its group in the same batch is out of order`() throws {
        let shape = MessageShape(bodyBytes: 20, groups: 2, batch: 4)
        let ledger = Ledger(shape)
        let talk = send(shape, count: 4, connections: 1, ledger)
        _ = talk.next()
        try talk.answer("{}")
        let receive = ReceiveLoad(requests: Conversation.requests(shape), count: 1, ledger: ledger)
        let receiver = Conversation(ledger, receive)
        _ = receiver.next()
        // 1 and 3 are of one group, 0 and 2 of the other.
        try receiver.answer(Conversation.json([1, 2, 0, 3], bytes: 20))
        #expect(ledger.outOfOrder == 1)
    }

    @Test func `a receive that brings less than stands ends the measurement`() throws {
        let shape = MessageShape(bodyBytes: 20, batch: 2)
        let ledger = Ledger(shape)
        _ = ledger.take(2)
        let load = ReceiveLoad(requests: Conversation.requests(shape), count: 1, ledger: ledger)
        let talk = Conversation(ledger, load)
        _ = talk.next()
        #expect(throws: BenchmarkError.self) { try talk.answer(Conversation.json([0], bytes: 20)) }
    }

    @Test func `what was received is deleted in batches of the same size`() throws {
        let shape = MessageShape(bodyBytes: 20, batch: 2)
        let ledger = Ledger(shape)
        _ = ledger.take(4)
        let receive = ReceiveLoad(requests: Conversation.requests(shape), count: 2, ledger: ledger)
        let receiver = Conversation(ledger, receive)
        for first in [0, 2] {
            _ = receiver.next()
            try receiver.answer(Conversation.json([first, first + 1], bytes: 20))
        }
        #expect(receiver.next() == nil)
        let load = DeleteLoad(
            requests: Conversation.requests(shape),
            receiptHandles: receive.receiptHandles,
            ledger: ledger
        )
        let deleter = Conversation(ledger, load)
        for handles in [["h0", "h1"], ["h2", "h3"]] {
            let request = try #require(deleter.next())
            #expect(request.contains("DeleteMessageBatch") && handles.allSatisfy { request.contains("\"\($0)\"") })
            try deleter.answer("{}")
        }
        #expect(deleter.next() == nil && ledger.deleted == 4)
    }
}
