/// Sends a number of messages and nothing else; those of a batch go to one group after the other.
package final class SendLoad: Load {
    private let requests: Requests
    private let ledger: Ledger
    private var requestsLeft: [Int]
    private var groups: [Int] = []

    /// A load of `count` messages, a multiple of what one request sends, of which each connection sends its share:
    /// so groups that belong to connections fill evenly.
    package init(requests: Requests, count: Int, connections: Int, ledger: Ledger) {
        precondition(count.isMultiple(of: requests.shape.batch))
        self.requests = requests
        self.ledger = ledger
        let (share, rest) = (count / requests.shape.batch).quotientAndRemainder(dividingBy: connections)
        requestsLeft = (0..<connections).map { $0 < rest ? share + 1 : share }
    }

    package func writeRequest(connection: Int, stopping: Bool, into buffer: inout RequestBuffer) -> Operation? {
        if stopping || requestsLeft[connection] == 0 { return nil }
        requestsLeft[connection] -= 1
        let sequence = ledger.sent
        groups.removeAll(keepingCapacity: true)
        for _ in 0..<requests.shape.batch { groups.append(ledger.take(1, connection: connection).group) }
        return requests.writeSend(sequence: sequence, into: &buffer) { groups[$0] }
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
