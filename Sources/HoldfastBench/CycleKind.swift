import Benchmark

/// The loads that take turns.
enum CycleKind: String, CaseIterable, Sendable, Encodable {
    /// The same request to the bare server.
    case hello
    /// Send, receive, delete of single messages.
    case single
    /// The same in the Query protocol.
    case query
    /// Like `single`, at a broker that does not sync its commits: what no product does.
    case unsynced
    /// Send, receive, delete of ten messages with three requests.
    case batch
    /// The same on a FIFO queue with 64 groups, as a long burst.
    case fifo

    /// Those that are measured with every number of connections.
    static let always: [CycleKind] = [.hello, .single, .batch]

    /// The protocol its requests are written in.
    var wire: WireProtocol { self == .query ? .query : .json }

    /// What its messages look like.
    var shape: MessageShape {
        switch self {
        case .hello, .single, .query, .unsynced: MessageShape()
        case .batch: MessageShape(batch: MessageShape.batchMax)
        case .fifo: MessageShape(groups: 64, batch: MessageShape.batchMax)
        }
    }

    /// As the tables name it.
    var title: String {
        switch self {
        case .hello: "hello server (H)"
        case .single: "single messages"
        case .query: "single, Query protocol"
        case .unsynced: "single, synchronous=NORMAL"
        case .batch: "batches of ten"
        case .fifo: "FIFO, 64 groups, batches of ten"
        }
    }
}
