/// One request as a load, for what comes before and after the measured ones.
package final class SingleRequest: Load {
    /// The answer's body.
    package private(set) var answer: [UInt8] = []

    private let request: [UInt8]
    private var isSent = false

    /// A load of these bytes, once.
    package init(_ request: [UInt8]) {
        self.request = request
    }

    package func writeRequest(connection: Int, stopping: Bool, into buffer: inout RequestBuffer) -> Operation? {
        if isSent { return nil }
        isSent = true
        buffer.append(request)
        return .administration
    }

    package func take(
        body: UnsafeRawBufferPointer,
        operation: Operation,
        connection: Int
    ) throws(BenchmarkError) {
        answer = Array(body)
    }
}
