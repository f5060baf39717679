/// Deletes received messages, one by one or in batches.
package final class DeleteLoad: Load {
    private let requests: Requests
    private let ledger: Ledger
    private let receiptHandles: ReceiptHandles
    private var next = 0

    /// A load that deletes each handle; they fill their batches.
    package init(requests: Requests, receiptHandles: ReceiptHandles, ledger: Ledger) {
        precondition(receiptHandles.count.isMultiple(of: requests.shape.batch))
        self.requests = requests
        self.ledger = ledger
        self.receiptHandles = receiptHandles
    }

    package func writeRequest(connection: Int, stopping: Bool, into buffer: inout RequestBuffer) -> Operation? {
        if next == receiptHandles.count { return nil }
        let batch = requests.shape.batch
        defer { next += batch }
        return requests.writeDelete(receiptHandles, next..<next + batch, into: &buffer)
    }

    package func take(
        body: UnsafeRawBufferPointer,
        operation: Operation,
        connection: Int
    ) throws(BenchmarkError) {
        if requests.shape.batch > 1 { try checkNoneFailed(body, operation: operation, requests.wire) }
        ledger.deleted += requests.shape.batch
    }
}
