/// Receives a number of messages one by one and keeps their receipt handles.
package final class ReceiveLoad: Load {
    /// Of what was received.
    package private(set) var receiptHandles = ReceiptHandles()

    private let requests: Requests
    private let ledger: Ledger
    private var left: Int
    private var handles = ReceiptHandles()

    /// A load of `count` receives; as many messages must stand in the queue.
    package init(requests: Requests, count: Int, ledger: Ledger) {
        self.requests = requests
        self.left = count
        self.ledger = ledger
    }

    package func writeRequest(connection: Int, stopping: Bool, into buffer: inout RequestBuffer) -> Operation? {
        if left == 0 { return nil }
        left -= 1
        return requests.writeReceive(into: &buffer)
    }

    package func take(
        body: UnsafeRawBufferPointer,
        operation: Operation,
        connection: Int
    ) throws(BenchmarkError) {
        try takeMessages(body, requests.wire, ledger: ledger, into: &handles)
        if handles.isEmpty { throw BenchmarkError("a receive was empty although messages stand in the queue") }
        receiptHandles.append(handles)
    }
}
