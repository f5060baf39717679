/// The whole life of messages on every connection: send, receive, delete, in single messages or in batches.
///
/// When the time is over a connection finishes the cycle it is in, so that the queue is empty at the end; with the next
/// run it goes on where it ended.
package final class CycleLoad: Load {
    private enum Step {
        case send
        case receive
        case delete
    }

    private struct Cycle {
        var step = Step.send
        /// The place of its queue.
        var queue: Int
        /// Messages that this connection has sent and not yet received as many of.
        var owed = 0
        var emptyReceives = 0
        var handles = ReceiptHandles()
    }

    /// Empty receives in a row after which a connection goes on without what it is owed.
    ///
    /// Every connection receives only after its own send was acknowledged, so a message is always there. A distributed
    /// queue may still answer empty for a while, and a group may be held by another connection, but not this often: all
    /// but the first of these receives wait.
    private static let emptyReceivesInARowMax = 15

    private let queues: [Requests]
    private let shape: MessageShape
    private let wire: WireProtocol
    private let ledger: Ledger
    private var isUsed: [Bool]
    private var cycles: [Cycle]

    /// A load for `connections` connections; `ledger` is the queue's.
    package convenience init(requests: Requests, connections: Int, ledger: Ledger) {
        self.init(queues: [requests], connections: connections, ledger: ledger)
    }

    /// A load on several queues of the same shape, one after the other on each connection; `ledger` is that of all.
    package init(queues: [Requests], connections: Int, ledger: Ledger) {
        self.queues = queues
        shape = queues[0].shape
        wire = queues[0].wire
        self.ledger = ledger
        isUsed = Array(repeating: false, count: queues.count)
        cycles = (0..<connections).map { Cycle(queue: $0 % queues.count) }
    }

    /// How many of the queues messages were sent to.
    package var queuesUsed: Int { isUsed.count { $0 } }

    package func writeRequest(connection: Int, stopping: Bool, into buffer: inout RequestBuffer) -> Operation? {
        let requests = queues[cycles[connection].queue]
        switch cycles[connection].step {
        case .send:
            if stopping { return nil }
            isUsed[cycles[connection].queue] = true
            let (sequence, group) = ledger.take(shape.batch, connection: connection)
            return requests.writeSend(sequence: sequence, into: &buffer) { _ in group }
        case .receive:
            return requests.writeReceive(waiting: cycles[connection].emptyReceives > 0, into: &buffer)
        case .delete:
            let handles = cycles[connection].handles
            return requests.writeDelete(handles, 0..<handles.count, into: &buffer)
        }
    }

    package func take(
        body: UnsafeRawBufferPointer,
        operation: Operation,
        connection: Int
    ) throws(BenchmarkError) {
        let isBatch = shape.batch > 1
        switch cycles[connection].step {
        case .send:
            if isBatch { try checkNoneFailed(body, operation: operation, wire) }
            ledger.acknowledge(shape.batch)
            cycles[connection].owed = shape.batch
            cycles[connection].step = .receive
        case .receive:
            try takeMessages(body, wire, ledger: ledger, into: &cycles[connection].handles)
            let count = cycles[connection].handles.count
            if count == 0 {
                countEmptyReceive(connection)
            } else {
                cycles[connection].emptyReceives = 0
                cycles[connection].owed -= count
                cycles[connection].step = .delete
            }
        case .delete:
            if isBatch { try checkNoneFailed(body, operation: operation, wire) }
            ledger.deleted += cycles[connection].handles.count
            if cycles[connection].owed > 0 { cycles[connection].step = .receive } else { startNext(connection) }
        }
    }

    /// Gives up what the connection is owed after too many: the drain at the end finds what is there, and what it does
    /// not find is lost.
    private func countEmptyReceive(_ connection: Int) {
        ledger.emptyReceives += 1
        cycles[connection].emptyReceives += 1
        if cycles[connection].emptyReceives > Self.emptyReceivesInARowMax {
            cycles[connection].emptyReceives = 0
            startNext(connection)
        }
    }

    private func startNext(_ connection: Int) {
        cycles[connection].step = .send
        cycles[connection].queue = (cycles[connection].queue + cycles.count) % queues.count
    }
}
