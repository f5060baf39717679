import NIOCore

/// Deletes received messages one by one.
///
/// Unchecked: see `Load`; it is called on the generator's event loop only.
final class DeleteLoad: Load, @unchecked Sendable {
    private let requests: Requests
    private let ledger: Ledger
    private var receiptHandles: [[UInt8]]

    /// A load of one delete for each handle.
    init(requests: Requests, receiptHandles: [[UInt8]], ledger: Ledger) {
        self.requests = requests
        self.ledger = ledger
        self.receiptHandles = receiptHandles.reversed()
    }

    func writeRequest(connection: Int, stopping: Bool, into buffer: inout ByteBuffer) -> Operation? {
        guard let handle = receiptHandles.popLast() else { return nil }
        requests.writeDelete(receiptHandle: handle, into: &buffer)
        return .deleteMessage
    }

    func take(body: UnsafeRawBufferPointer, operation: Operation, connection: Int) {
        ledger.deleted += 1
    }
}
