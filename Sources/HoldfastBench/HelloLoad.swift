import Benchmark

/// The yardstick's load: the same SendMessage again and again, to a server that does nothing with it.
final class HelloLoad: Load {
    private let requests: Requests

    /// A load of `requests`' SendMessage.
    init(requests: Requests) {
        self.requests = requests
    }

    func writeRequest(connection: Int, stopping: Bool, into buffer: inout RequestBuffer) -> Operation? {
        if stopping { return nil }
        _ = requests.writeSend(sequence: 0, into: &buffer)
        return .hello
    }

    func take(body: UnsafeRawBufferPointer, operation: Operation, connection: Int) throws(BenchmarkError) {}
}
