/// Makes a number of receives, each as full as it may be, and keeps the receipt handles.
package final class ReceiveLoad: Load {
    /// Of what was received.
    package private(set) var receiptHandles = ReceiptHandles()

    private let requests: Requests
    private let ledger: Ledger
    private var left: Int
    private var handles = ReceiptHandles()

    /// A load of `count` receives; as many times what each asks for must stand in the queue.
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
        guard handles.count == requests.shape.batch else {
            throw BenchmarkError(
                "a receive brought \(handles.count) messages although \(requests.shape.batch) stand in the queue"
            )
        }
        receiptHandles.append(handles)
    }
}
