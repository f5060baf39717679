package import NIOCore

/// What the connections of one event loop share; used on that loop only, but for the outbox.
package final class ServingLoop {
    /// Bytes of a buffer that is kept between two answers.
    private static let answerBufferSizeBytesMax = 64 * 1_024

    /// How other threads bring their answers here.
    let outbox: LoopOutbox

    /// What long bodies may take, on all loops together.
    let bodyRooms: BodyRooms

    /// Where the ids of requests come from.
    var requestIds = RequestIdSource()

    /// Whether the server stops: every connection closes after its next answer.
    private(set) var isStopping = false

    /// The buffer of the last answer, for the next one: an answer has mostly left when the next one is made.
    private var answerBuffer = ByteBuffer()

    private var connections: [ObjectIdentifier: ConnectionHandler] = [:]

    /// What the connections of a loop share, as long as there are none.
    package init(eventLoop: any EventLoop, bodyRooms: BodyRooms) {
        self.bodyRooms = bodyRooms
        outbox = LoopOutbox(eventLoop: eventLoop)
    }

    /// An empty buffer for an answer's body, with room for a head before it.
    func takeAnswerBuffer() -> ByteBuffer {
        var buffer = ByteBuffer()
        swap(&buffer, &answerBuffer)
        buffer.clear(minimumCapacity: AnswerHead.sizeBytesMax + 512)
        buffer.moveWriterIndex(to: AnswerHead.sizeBytesMax)
        buffer.moveReaderIndex(to: AnswerHead.sizeBytesMax)
        return buffer
    }

    /// Takes an answer's buffer back, which may be on its way still: then the next answer gets a new one.
    func giveBack(answerBuffer buffer: consuming ByteBuffer) {
        if buffer.capacity <= Self.answerBufferSizeBytesMax {
            answerBuffer = buffer
        }
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
