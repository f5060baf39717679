package import NIOCore

/// What the connections of one event loop share; used on that loop only, but for the outbox.
package final class ServingLoop {
    /// How other threads bring their answers here.
    let outbox: LoopOutbox

    /// What long bodies may take, on all loops together.
    let bodyRoom: BodyRoom

    /// Where the ids of requests come from.
    var requestIds = RequestIdSource()

    /// Whether the server stops: every connection closes after its next answer.
    private(set) var isStopping = false

    private var connections: [ObjectIdentifier: ConnectionHandler] = [:]

    /// What the connections of a loop share, as long as there are none.
    package init(eventLoop: any EventLoop, bodyRoom: BodyRoom) {
        self.bodyRoom = bodyRoom
        outbox = LoopOutbox(eventLoop: eventLoop)
    }

    func add(_ connection: ConnectionHandler) {
        connections[ObjectIdentifier(connection)] = connection
    }

    func remove(_ connection: ConnectionHandler) {
        connections[ObjectIdentifier(connection)] = nil
    }

    /// Closes what is idle; what has a request under way closes once that is answered.
    ///
    /// - Returns: when all connections are closed.
    func stop(on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        isStopping = true
        let open = Array(connections.values)
        let closed = open.compactMap(\.closeFuture)
        for connection in open {
            connection.closeIfIdle()
        }
        return .andAllComplete(closed, on: eventLoop)
    }

    /// Closes everything at once.
    func closeAll() {
        for connection in Array(connections.values) {
            connection.closeNow()
        }
    }
}
