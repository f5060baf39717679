/// Sends messages and nothing else, a number of them or as long as the run lasts.
package final class SendLoad: Load {
    private let requests: Requests
    private let ledger: Ledger
    private var streams: Streams
    private var left: Int

    /// A load of `count` messages, a multiple of what one request sends; nil for no end.
    package init(requests: Requests, count: Int?, connections: Int, ledger: Ledger) {
        precondition((count ?? 0).isMultiple(of: requests.shape.batch))
        self.requests = requests
        self.ledger = ledger
        streams = Streams(groups: requests.shape.groups, connections: connections)
        left = count ?? .max
    }

    package func writeRequest(connection: Int, stopping: Bool, into buffer: inout RequestBuffer) -> Operation? {
        if stopping || left == 0 { return nil }
        left -= requests.shape.batch
        let (stream, group) = streams.next(connection: connection)
        let sequence = ledger.take(requests.shape.batch, stream: stream)
        return requests.writeSend(sequence: sequence, group: group, into: &buffer)
    }

    package func take(
        body: UnsafeRawBufferPointer,
        operation: Operation,
        connection: Int
    ) throws(BenchmarkError) {
        if requests.shape.batch > 1 { try checkNoneFailed(body, operation: operation, requests.wire) }
        ledger.acknowledge(requests.shape.batch)
    }
}
