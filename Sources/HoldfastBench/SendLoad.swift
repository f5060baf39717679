import NIOCore

/// Sends a number of messages and nothing else, in single messages or in batches of ten.
///
/// Unchecked: see `Load`; it is called on the generator's event loop only.
final class SendLoad: Load, @unchecked Sendable {
    private let requests: Requests
    private let batch: Bool
    private let ledger: Ledger
    private var left: Int

    /// A load of `count` messages; with `batch` a multiple of ten.
    init(requests: Requests, count: Int, batch: Bool, ledger: Ledger) {
        precondition(!batch || count.isMultiple(of: Requests.batchSize))
        self.requests = requests
        self.left = count
        self.batch = batch
        self.ledger = ledger
    }

    func writeRequest(connection: Int, stopping: Bool, into buffer: inout ByteBuffer) -> Operation? {
        if left == 0 { return nil }
        if batch {
            left -= Requests.batchSize
            requests.writeSendBatch(sequence: ledger.take(Requests.batchSize), into: &buffer)
            return .sendMessageBatch
        }
        left -= 1
        requests.writeSend(sequence: ledger.take(1), into: &buffer)
        return .sendMessage
    }

    func take(body: UnsafeRawBufferPointer, operation: Operation, connection: Int) throws(BenchError) {
        if batch { try checkNoneFailed(body, operation: operation) }
    }
}
