/// Deletes received messages one by one.
package final class DeleteLoad: Load {
    private let requests: Requests
    private let ledger: Ledger
    private let receiptHandles: ReceiptHandles
    private var next = 0

    /// A load of one delete for each handle.
    package init(requests: Requests, receiptHandles: ReceiptHandles, ledger: Ledger) {
        self.requests = requests
        self.ledger = ledger
        self.receiptHandles = receiptHandles
    }

    package func writeRequest(connection: Int, stopping: Bool, into buffer: inout RequestBuffer) -> Operation? {
        if next == receiptHandles.count { return nil }
        next += 1
        return requests.writeDelete(receiptHandles, next - 1..<next, into: &buffer)
    }

    package func take(
        body: UnsafeRawBufferPointer,
        operation: Operation,
        connection: Int
    ) throws(BenchmarkError) {
        ledger.deleted += 1
    }
}
