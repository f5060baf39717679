import QueueModel
import Testing

@Suite struct ReceiveAttemptTests {
    private func makeStore(_ kind: StoreKind) throws -> TestStore {
        let store = try TestStore(kind)
        try store.create(.fifo)
        return store
    }

    @Test(arguments: StoreKind.underTest)
    func `a repeated attempt gives the same messages and receipts and hides them anew`(kind: StoreKind) throws {
        let store = try makeStore(kind)
        try store.sendToGroups(["g-1", "g-2", "h-1"])
        let first = try store.receive(attempt: "x", max: 2, timeout: 10)
        #expect(first.map(\.text) == ["g-1", "g-2"])
        store.advance(seconds: 5)
        #expect(try store.receive(attempt: "x", max: 10, timeout: 20) == first)
        store.advance(seconds: 19)
        #expect(try store.receive(attempt: "x", timeout: 20) == first)
        #expect(try store.texts(.fifo, timeout: 60) == ["h-1"])
        #expect(try store.delete(first.map(\.receipt), from: .fifo) == [nil, nil])
    }

    @Test(arguments: StoreKind.underTest)
    func `an attempt is refused once a message was deleted or its visibility changed`(kind: StoreKind) throws {
        for isDeleted in [true, false] {
            let store = try makeStore(kind)
            try store.sendToGroups(["g-1", "g-2"])
            let receipts = try store.receive(attempt: "x", timeout: 30).map(\.receipt)
            let refusals =
                isDeleted
                ? try store.delete([receipts[1]], from: .fifo) : try store.hide([receipts[1]], of: .fifo, for: 60)
            #expect(refusals == [nil])
            let error = #expect(throws: StoreError.self) { try store.receive(attempt: "x", timeout: 30) }
            guard case .refused(let refusal) = error else {
                Issue.record("expected a refusal, got \(String(describing: error))")
                return
            }
            #expect(refusal.code == "InvalidParameterValue")
            #expect(refusal.message.contains("ReceiveRequestAttemptId"))
        }
    }

    @Test(arguments: StoreKind.underTest)
    func `a repeated attempt tells when the next message is available behind one that has expired`(
        kind: StoreKind
    ) throws {
        let store = try TestStore(kind)
        try store.create(.fifo, [.messageRetentionPeriod: "60"])
        try store.sendToGroups(["g-1"])
        #expect(try store.texts(.fifo, timeout: 600) == ["g-1"])
        store.advance(seconds: 30)
        try store.sendToGroups(["h-1", "g-2"])
        let available = store.now
        #expect(try store.receive(attempt: "x", timeout: 40).map(\.text) == ["h-1"])
        store.advance(seconds: 30)
        let again = try store.receiveOutcome(.fifo, attempt: "x", timeout: 40)
        #expect(again.messages.map(\.text) == ["h-1"])
        #expect(again.nextAvailableAt == available)
    }

    @Test(arguments: StoreKind.underTest)
    func `an attempt is a new one when its hiding is over, after five minutes, and after nothing came`(
        kind: StoreKind
    ) throws {
        let store = try makeStore(kind)
        #expect(try store.receive(attempt: "x") == [])
        try store.sendToGroups(["g-1", "h-1"])
        #expect(try store.receive(attempt: "x", max: 1, timeout: 5).map(\.receiveCount) == [1])
        store.advance(seconds: 5)
        #expect(try store.receive(attempt: "x", timeout: 400).map(\.text) == ["h-1", "g-1"])
        store.advance(milliseconds: 299_999)
        #expect(try store.receive(attempt: "x", timeout: 400).map(\.receiveCount) == [1, 2])
        store.advance(milliseconds: 1)
        #expect(try store.receive(attempt: "x") == [])
    }
}
