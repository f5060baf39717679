import NIOCore

/// What the connections of a load generator do: each asks for its next request when the last one was answered.
///
/// A load is called on the generator's event loop only, and never by two runs at once.
protocol Load: AnyObject, Sendable {
    /// Writes the connection's next request, or returns nil if the connection is done.
    ///
    /// `stopping` is true once the time of the run is over; a load then finishes what it has begun.
    func writeRequest(connection: Int, stopping: Bool, into buffer: inout ByteBuffer) -> Operation?

    /// Takes the answer to the connection's last request; its status was 200.
    func take(body: UnsafeRawBufferPointer, operation: Operation, connection: Int) throws(BenchError)
}

extension Load {
    /// Throws if a batch succeeded only in part.
    func checkNoneFailed(_ body: UnsafeRawBufferPointer, operation: Operation) throws(BenchError) {
        var scanner = JSONScanner(body)
        if scanner.hasEntries(LoadKeys.failed) {
            let answer = String(decoding: body.prefix(500), as: UTF8.self)
            throw BenchError("\(operation.name) failed in part: \(answer)")
        }
    }

    /// Notes the messages of a receive in the ledger and returns their receipt handles.
    func receiptHandles(_ body: UnsafeRawBufferPointer, ledger: Ledger) throws(BenchError) -> [[UInt8]] {
        var bodies = JSONScanner(body)
        var count = 0
        while let message = bodies.nextString(LoadKeys.body) {
            try ledger.receive(body: message)
            count += 1
        }
        var handles: [[UInt8]] = []
        handles.reserveCapacity(count)
        var scanner = JSONScanner(body)
        while let handle = scanner.nextString(LoadKeys.receiptHandle) { handles.append(Array(handle)) }
        guard handles.count == count else {
            throw BenchError("an answer holds \(count) bodies and \(handles.count) receipt handles")
        }
        return handles
    }

}

private enum LoadKeys {
    static let failed = Array(#""Failed""#.utf8)
    static let body = Array(#""Body""#.utf8)
    static let receiptHandle = Array(#""ReceiptHandle""#.utf8)
}
