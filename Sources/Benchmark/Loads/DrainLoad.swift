/// Takes out and deletes what is left in a queue, until it has been empty for a while.
///
/// It looks at least once, so that messages which come again are noticed; as long as messages are missing it waits for
/// them.
package final class DrainLoad: Load {
    private struct Drain {
        var handles = ReceiptHandles()
        var emptyReceives = 0
    }

    /// Empty receives in a row, of a second each, after which a connection gives up what is missing.
    private static let emptyReceivesInARowMax = 5

    private let requests: Requests
    private let ledger: Ledger
    private var drains: [Drain]

    /// A load for `connections` connections; `requests` are those for batches, `ledger` is the queue's.
    package init(requests: Requests, connections: Int, ledger: Ledger) {
        self.requests = requests
        self.ledger = ledger
        drains = Array(repeating: Drain(), count: connections)
    }

    package func writeRequest(connection: Int, stopping: Bool, into buffer: inout RequestBuffer) -> Operation? {
        let handles = drains[connection].handles
        if !handles.isEmpty { return requests.writeDelete(handles, 0..<handles.count, into: &buffer) }
        let empty = drains[connection].emptyReceives
        if empty > (ledger.missing > 0 ? Self.emptyReceivesInARowMax : 0) { return nil }
        return requests.writeReceive(waiting: empty > 0, into: &buffer)
    }

    package func take(
        body: UnsafeRawBufferPointer,
        operation: Operation,
        connection: Int
    ) throws(BenchmarkError) {
        switch operation {
        case .receiveMessage, .waitingReceiveMessage:
            try takeMessages(body, requests.wire, ledger: ledger, into: &drains[connection].handles)
            let isEmpty = drains[connection].handles.isEmpty
            drains[connection].emptyReceives = isEmpty ? drains[connection].emptyReceives + 1 : 0
        default:
            if requests.shape.batch > 1 { try checkNoneFailed(body, operation: operation, requests.wire) }
            ledger.deleted += drains[connection].handles.count
            drains[connection].handles.clear()
        }
    }
}
