import NIOCore

/// The whole life of messages on every connection: send, receive, delete, in single messages or in batches of ten.
///
/// When the time is over a connection finishes the cycle it is in, so that the queue is empty at the end.
///
/// Unchecked: see `Load`; it is called on the generator's event loop only.
final class CycleLoad: Load, @unchecked Sendable {
    private enum Step {
        case send
        case receive
        case delete([[UInt8]])
    }

    private struct Cycle {
        var step = Step.send
        /// Messages that this connection has sent and not yet received as many of.
        var owed = 0
        var emptyReceives = 0
    }

    /// Every connection receives only after its own send was acknowledged, so a message is always there; a
    /// distributed queue may still answer empty for a while, but not this often in a row.
    private static let emptyReceivesInARowMax = 1_000

    private let requests: Requests
    private let batch: Bool
    private let ledger: Ledger
    private var cycles: [Cycle]

    /// A load for `connections` connections; `ledger` is the queue's.
    init(requests: Requests, batch: Bool, connections: Int, ledger: Ledger) {
        self.requests = requests
        self.batch = batch
        self.ledger = ledger
        self.cycles = Array(repeating: Cycle(), count: connections)
    }

    func writeRequest(connection: Int, stopping: Bool, into buffer: inout ByteBuffer) -> Operation? {
        switch cycles[connection].step {
        case .send:
            if stopping { return nil }
            if batch {
                requests.writeSendBatch(sequence: ledger.take(Requests.batchSize), into: &buffer)
                return .sendMessageBatch
            }
            requests.writeSend(sequence: ledger.take(1), into: &buffer)
            return .sendMessage
        case .receive:
            requests.writeReceive(batch: batch, into: &buffer)
            return .receiveMessage
        case .delete(let handles):
            if batch {
                requests.writeDeleteBatch(receiptHandles: handles, into: &buffer)
                return .deleteMessageBatch
            }
            requests.writeDelete(receiptHandle: handles[0], into: &buffer)
            return .deleteMessage
        }
    }

    func take(body: UnsafeRawBufferPointer, operation: Operation, connection: Int) throws(BenchError) {
        switch cycles[connection].step {
        case .send:
            if batch { try checkNoneFailed(body, operation: operation) }
            cycles[connection].owed = batch ? Requests.batchSize : 1
            cycles[connection].step = .receive
        case .receive:
            let handles = try receiptHandles(body, ledger: ledger)
            if handles.isEmpty {
                try countEmptyReceive(connection)
            } else {
                cycles[connection].emptyReceives = 0
                cycles[connection].owed -= handles.count
                cycles[connection].step = .delete(handles)
            }
        case .delete(let handles):
            if batch { try checkNoneFailed(body, operation: operation) }
            ledger.deleted += handles.count
            cycles[connection].step = cycles[connection].owed > 0 ? .receive : .send
        }
    }

    private func countEmptyReceive(_ connection: Int) throws(BenchError) {
        ledger.emptyReceives += 1
        cycles[connection].emptyReceives += 1
        if cycles[connection].emptyReceives > Self.emptyReceivesInARowMax {
            throw BenchError(
                "a message is lost: \(ledger.sent) were sent, \(ledger.received) received (\(ledger.doubled) of them "
                    + "again), and \(Self.emptyReceivesInARowMax) receives in a row were empty"
            )
        }
    }
}
