internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import QueueEngine
internal import QueueModel
internal import SQSWire

/// Serves one connection: takes requests apart, hands them to the engine, and writes the answers when it is told them.
///
/// At most one request is under way; those behind it wait. All of it runs on the connection's event loop.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    enum State {
        /// Waits for a head.
        case idle

        /// Has a head and waits for the rest of the body.
        case receiving

        /// Has a whole request, and waits until the answer before it has been taken.
        case waiting

        /// The engine has the request.
        case performing

        /// The last answer was written; whatever comes is ignored.
        case closing
    }

    /// A request under way.
    struct Exchange {
        let number: UInt64
        let requestId: RequestId
        let startedAt: NIODeadline
        var operation = "-"
        var caller: Caller?
        var isReceive = false
    }

    /// Memory set aside on the word of a Content-Length.
    static let reservedBodySizeBytesMax = 1_048_576

    let configuration: HTTPServerConfiguration
    let engine: QueueEngine
    let loop: ServingLoop
    let watch: ConnectionGuard
    let isSurplus: Bool
    let logger: Logger

    var context: ChannelHandlerContext?
    var state = State.idle
    var head: RequestHead?
    var body: ByteBuffer?
    /// Whether `body` is a copy of several pieces, and not a slice of what was read.
    var isBodyOwn = false
    /// What the body takes of the room for long ones, or its place in the line for it.
    var bodyShare: BodyRoom.Share?
    var isWaitingForBodyRoom = false
    var longBodyCheck: Scheduled<Void>?
    /// What of the body had come when it was last looked at, and `secondsOfBody` before the next look.
    var bodySizeBytesSeen = 0
    var bodySizeBytesBefore = 0
    var secondsOfBody = 0
    var exchange: Exchange?
    /// Long answers that the client has not taken yet.
    var longAnswersUntaken = 0
    var longAnswerCheck: Scheduled<Void>?
    var untakenSizeBytes = 0
    var secondsWithoutProgress = 0
    var requests: UInt64 = 0
    /// What came while a request was under way.
    var held = CircularBuffer<HeldEvent>(initialCapacity: 0)
    var isGoingOn = false
    /// Whether the client has sent its last byte; requests that it sent before may still wait for their turn.
    var hasClientFinished = false
    /// Whether there are no more such requests.
    var isInputOver = false
    var lastHost: String?
    var lastBaseUrl = ""

    init(
        configuration: HTTPServerConfiguration,
        engine: QueueEngine,
        loop: ServingLoop,
        watch: ConnectionGuard,
        isSurplus: Bool,
        logger: Logger
    ) {
        self.configuration = configuration
        self.engine = engine
        self.loop = loop
        self.watch = watch
        self.isSurplus = isSurplus
        self.logger = logger
    }

    // MARK: - The life of the connection

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        loop.remove(self)
    }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        if loop.isStopping {
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        state = .closing
        giveBodyRoomBack()
        longAnswerCheck?.cancel()
        longAnswerCheck = nil
        // A receive that the engine still holds is dropped; one that it has answered is given back on arrival.
        exchange?.caller?.leave()
        exchange = nil
        head = nil
        body = nil
        held.removeAll()
        context.fireChannelInactive()
    }

    /// Closes the connection if nothing is under way on it.
    func closeIfIdle() {
        if case .idle = state, watch.isIdle {
            closeNow()
        }
    }

    /// Closes the connection whatever is under way on it.
    func closeNow() {
        context?.close(promise: nil)
    }

    /// When the connection is closed for good.
    var closeFuture: EventLoopFuture<Void>? {
        context?.channel.closeFuture
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let error as HTTPParserError:
            if holdsEvents {
                held.append(.unreadable(error))
            } else {
                refuse(.unreadable(error))
            }
        case is ByteToMessageDecoderError:
            // More bytes after those that could not be read.
            break
        default:
            context.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ConnectionGuard.RequestTimedOut:
            requestTimedOut()
        case is ConnectionGuard.ClientFinished:
            clientFinished()
        case ChannelEvent.inputClosed:
            if held.isEmpty {
                inputIsOver()
            } else {
                held.append(.inputClosed)
            }
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    private func requestTimedOut() {
        if isWaitingForBodyRoom {
            refuse(.serviceUnavailable("Too many long requests are under way."))
        } else {
            refuse(.requestTimeout(seconds: configuration.headAndBodyDeadlineSeconds))
        }
    }

    /// A FIN came: the client may have ended only its side (`nc -N`), or be gone altogether.
    ///
    /// Nobody can tell, so messages are not handed out any more; what else was asked for is done and answered.
    private func clientFinished() {
        hasClientFinished = true
        if exchange?.isReceive == true {
            dropReceive()
        }
    }

    /// Ends the connection in place of an answer, but not before the client has taken the answers before it.
    func dropReceive() {
        exchange?.caller?.leave()
        exchange = nil
        head = nil
        state = .idle
        // What follows waits for this one's answer, which never comes.
        isInputOver = true
        closeIfAllIsAnswered()
    }

    /// The client's last request is under way or answered, or it did not send all of it.
    func inputIsOver() {
        isInputOver = true
        switch state {
        case .idle: closeIfAllIsAnswered()
        case .receiving: refuse(.incompleteRequest)
        case .waiting, .performing, .closing: break
        }
    }

    /// Closes the connection after the last answer was taken if no other request will come.
    func closeIfAllIsAnswered() {
        if isInputOver, case .idle = state, watch.areAnswersTaken {
            closeNow()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        resumeWaiting()
        context.fireChannelWritabilityChanged()
    }
}
