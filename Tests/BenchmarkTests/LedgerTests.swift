import Benchmark
import Testing

struct LedgerTests {
    private let shape = MessageShape(bodyBytes: 20)

    private func receive(_ sequence: Int, _ ledger: Ledger) throws(BenchmarkError) {
        let outcome: Result<Void, BenchmarkError> = Array(Conversation.body(sequence, shape.bodyBytes).utf8)
            .withUnsafeBytes { bytes in
                Result { () throws(BenchmarkError) in try ledger.receive(body: bytes) }
            }
        try outcome.get()
    }

    @Test func `what comes once and in order is good`() throws {
        let ledger = Ledger(MessageShape(bodyBytes: 20, groups: 1))
        #expect(ledger.take(3).sequence == 0)
        ledger.acknowledge(3)
        for sequence in 0..<3 { try receive(sequence, ledger) }
        #expect(ledger.received == 3 && ledger.missing == 0 && ledger.doubled == 0 && ledger.outOfOrder == 0)
    }

    @Test func `an acknowledged message that never comes is missing`() throws {
        let ledger = Ledger(shape)
        _ = ledger.take(200)
        ledger.acknowledge(200)
        for sequence in 0..<200 where sequence != 77 { try receive(sequence, ledger) }
        #expect(ledger.missing == 1 && ledger.doubled == 0)
    }

    @Test func `a message that comes again is doubled, and hides no loss`() throws {
        let ledger = Ledger(shape)
        _ = ledger.take(2)
        ledger.acknowledge(2)
        try receive(1, ledger)
        try receive(1, ledger)
        #expect(ledger.doubled == 1 && ledger.missing == 1)
    }

    @Test func `a message that comes after a later one of its stream is out of order, among streams there is none`()
        throws
    {
        let shape = MessageShape(bodyBytes: 20, groups: 2)
        let ledger = Ledger(shape, connections: 2)
        _ = ledger.take(2, connection: 0)
        _ = ledger.take(2, connection: 1)
        ledger.acknowledge(4)
        for sequence in [2, 0, 3, 1] { try receive(sequence, ledger) }
        #expect(ledger.outOfOrder == 0)

        let second = Ledger(shape, connections: 2)
        _ = second.take(3, connection: 1)
        for sequence in [1, 0, 2] { try receive(sequence, second) }
        #expect(second.outOfOrder == 1)
    }

    @Test func `on a standard queue any order is good`() throws {
        let ledger = Ledger(shape)
        _ = ledger.take(3)
        for sequence in [2, 0, 1] { try receive(sequence, ledger) }
        #expect(ledger.outOfOrder == 0 && ledger.received == 3)
    }

    @Test func `a body that was never sent, or of another size, ends the measurement`() throws {
        let ledger = Ledger(shape)
        _ = ledger.take(1)
        #expect(throws: BenchmarkError.self) { try receive(1, ledger) }
        #expect(throws: BenchmarkError.self) {
            try [UInt8](repeating: 0x30, count: 19).withUnsafeBytes { try ledger.receive(body: $0) }
        }
    }
}
