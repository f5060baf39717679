/// Which message group a connection sends to next.
///
/// No group is sent to by two connections at once if there are as many groups as connections; else each connection
/// keeps to one group. Either way the order of what one connection sends to one group is defined.
struct Streams {
    private let groups: Int
    private let connections: Int
    private var turns: [Int]

    /// For some connections that send to some groups; none for a standard queue.
    init(groups: Int?, connections: Int) {
        self.groups = groups ?? 0
        self.connections = connections
        turns = Array(repeating: 0, count: groups == nil ? 0 : connections)
    }

    /// How many streams there can be.
    var count: Int { groups > 0 ? max(groups, connections) : 0 }

    /// The stream that the connection's next send belongs to, and its group.
    mutating func next(connection: Int) -> (stream: Int, group: Int) {
        guard groups > 0 else { return (0, 0) }
        guard groups >= connections else { return (connection, connection % groups) }
        let own = (groups - connection + connections - 1) / connections
        let group = connection + turns[connection] % own * connections
        turns[connection] += 1
        return (group, group)
    }
}
