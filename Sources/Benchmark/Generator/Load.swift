/// What the connections of a load generator do: each asks for its next request when the last one was answered.
package protocol Load: AnyObject {
    /// Writes the connection's next request, or returns nil if the connection is done.
    ///
    /// `stopping` is true once the time of the run is over; a load then finishes what it has begun.
    func writeRequest(connection: Int, stopping: Bool, into buffer: inout RequestBuffer) -> Operation?

    /// Takes the answer to the connection's last request; its status was 200.
    func take(body: UnsafeRawBufferPointer, operation: Operation, connection: Int) throws(BenchmarkError)
}

extension Load {
    /// Throws if a batch succeeded only in part.
    func checkNoneFailed(
        _ body: UnsafeRawBufferPointer,
        operation: Operation,
        _ wire: WireProtocol
    ) throws(BenchmarkError) {
        if AnswerScanner(body, wire).hasFailures() {
            let answer = String(decoding: body.prefix(500), as: UTF8.self)
            throw BenchmarkError("\(operation.name) failed in part: \(answer)", kind: .answer)
        }
    }

    /// Notes the messages of a receive in the ledger and puts their receipt handles into `handles`.
    func takeMessages(
        _ body: UnsafeRawBufferPointer,
        _ wire: WireProtocol,
        ledger: Ledger,
        into handles: inout ReceiptHandles
    ) throws(BenchmarkError) {
        handles.clear()
        var bodies = AnswerScanner(body, wire)
        var count = 0
        while let message = bodies.next(.body) {
            try ledger.receive(body: message)
            count += 1
        }
        var scanner = AnswerScanner(body, wire)
        while let handle = scanner.next(.receiptHandle) { handles.append(handle) }
        guard handles.count == count else {
            throw BenchmarkError(
                "an answer holds \(count) bodies and \(handles.count) receipt handles",
                kind: .answer
            )
        }
    }
}
