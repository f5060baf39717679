import NIOCore

/// Receives a number of messages one by one and keeps their receipt handles.
///
/// Unchecked: see `Load`; it is called on the generator's event loop only, and by the caller after the run.
final class ReceiveLoad: Load, @unchecked Sendable {
    /// Of what was received.
    private(set) var receiptHandles: [[UInt8]] = []

    private let requests: Requests
    private let ledger: Ledger
    private var left: Int

    /// A load of `count` receives; as many messages must stand in the queue.
    init(requests: Requests, count: Int, ledger: Ledger) {
        self.requests = requests
        self.left = count
        self.ledger = ledger
        receiptHandles.reserveCapacity(count)
    }

    func writeRequest(connection: Int, stopping: Bool, into buffer: inout ByteBuffer) -> Operation? {
        if left == 0 { return nil }
        left -= 1
        requests.writeReceive(batch: false, into: &buffer)
        return .receiveMessage
    }

    func take(body: UnsafeRawBufferPointer, operation: Operation, connection: Int) throws(BenchError) {
        let handles = try receiptHandles(body, ledger: ledger)
        if handles.isEmpty { throw BenchError("a receive was empty although messages stand in the queue") }
        receiptHandles.append(contentsOf: handles)
    }
}
