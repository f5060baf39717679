import NIOCore

/// One request as a load, for what comes before and after the measured ones.
///
/// Unchecked: see `Load`; the caller reads the answer after the run.
final class SingleRequest: Load, @unchecked Sendable {
    /// The answer's body.
    private(set) var answer: [UInt8] = []

    private let request: [UInt8]
    private var isSent = false

    /// A load of these bytes, once.
    init(_ request: [UInt8]) {
        self.request = request
    }

    func writeRequest(connection: Int, stopping: Bool, into buffer: inout ByteBuffer) -> Operation? {
        if isSent { return nil }
        isSent = true
        buffer.writeBytes(request)
        return .administration
    }

    func take(body: UnsafeRawBufferPointer, operation: Operation, connection: Int) {
        answer = Array(body)
    }
}
