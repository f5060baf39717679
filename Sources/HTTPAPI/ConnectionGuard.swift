internal import NIOCore

/// Stands first in a connection's pipeline, where the bytes are: keeps the deadlines and closes gently.
///
/// A connection that is closed while the client is still sending is reset by the kernel, and the client may never read
/// the answer. So the last answer is followed by a FIN, and what still comes is dropped until the client closes.
final class ConnectionGuard: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer

    /// Goes down the pipeline when a request did not arrive in time.
    struct RequestTimedOut {}

    /// Goes down the pipeline when the client has sent its last byte, past requests that wait for their turn.
    ///
    /// NIO's own `ChannelEvent.inputClosed` follows; that one keeps its place behind those requests.
    struct ClientFinished {}

    /// Bytes that a closing connection may still send before it is cut off.
    private static let droppedBytesMax = 64 * 1_048_576

    private let configuration: HTTPServerConfiguration
    private var deadlines: ConnectionDeadlines
    private var context: ChannelHandlerContext?
    private var check: Scheduled<Void>?
    private var isDropping = false
    private var droppedBytes = 0
    private var isReadingPaused = false
    private var isReadHeld = false

    /// What came behind the request under way.
    private var ahead: ByteBuffer?
    private var hasInputEndedAhead = false

    init(_ configuration: HTTPServerConfiguration, now: NIODeadline) {
        self.configuration = configuration
        deadlines = ConnectionDeadlines(configuration, now: now)
    }

    /// Whether nothing of a next request has come.
    var isIdle: Bool {
        deadlines.isIdle
    }

    /// Whether the client has taken all answers that were written.
    var areAnswersTaken: Bool {
        deadlines.areAnswersTaken
    }

    /// The head of a request was read.
    ///
    /// Its bytes may have come together with the request before it. If only a part of the head has, the connection
    /// counts as idle until more comes.
    func requestBegan() {
        guard let context else { return }
        deadlines.requestBegan(now: context.eventLoop.now)
    }

    /// A whole request was read.
    func requestArrived() {
        deadlines.requestArrived()
    }

    /// An answer is about to be written.
    func answerWritten() {
        guard let context else { return }
        deadlines.answerWritten(now: context.eventLoop.now)
    }

    /// An answer has left for the client.
    func answerTaken() {
        guard let context else { return }
        deadlines.answerTaken(now: context.eventLoop.now)
    }

    /// Reads nothing more for now; deadlines go on.
    func pauseReading() {
        isReadingPaused = true
    }

    /// Reads on.
    func resumeReading() {
        isReadingPaused = false
        readIfHeld()
    }

    /// All requests that were passed on are answered: what has come meanwhile may follow.
    func requestAnswered() {
        guard let context else { return }
        if let bytes = ahead {
            ahead = nil
            deadlines.requestBegan(now: context.eventLoop.now)
            context.fireChannelRead(ConnectionGuard.wrapInboundOut(bytes))
        }
        if hasInputEndedAhead, ahead == nil, context.channel.isActive {
            hasInputEndedAhead = false
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
        readIfHeld()
    }

    private func readIfHeld() {
        guard isReadHeld, !isReadingPaused, ahead == nil else { return }
        isReadHeld = false
        context?.read()
    }

    /// Reads on unless there is a reason not to.
    ///
    /// While a request is under way reading goes on: to stop it and to begin again would be two system calls for each
    /// request. Only what comes too early is kept, and then nothing more is read until it was passed on.
    func read(context: ChannelHandlerContext) {
        if isReadingPaused || ahead != nil, !isDropping {
            isReadHeld = true
        } else {
            context.read()
        }
    }

    /// Nothing more is to be read: what still comes is dropped.
    func dropInput() {
        isDropping = true
        ahead = nil
        context?.read()
    }

    /// Says to the client that nothing more follows, and closes once it does the same or takes too long.
    func closeGently() {
        guard let context else { return }
        deadlines.lingeringBegan(now: context.eventLoop.now)
        dropInput()
        context.close(mode: .output, promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        scheduleCheck(context: context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        check?.cancel()
        check = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        check?.cancel()
        check = nil
        ahead = nil
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDropping else {
            droppedBytes += ConnectionGuard.unwrapInboundIn(data).readableBytes
            if droppedBytes > Self.droppedBytesMax {
                context.close(promise: nil)
            }
            return
        }
        guard !deadlines.isPerforming else {
            var bytes = ConnectionGuard.unwrapInboundIn(data)
            if ahead == nil {
                ahead = bytes
            } else {
                ahead?.writeBuffer(&bytes)
            }
            return
        }
        deadlines.requestBegan(now: context.eventLoop.now)
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        if isDropping {
            // The pipelining handler may hold reads back: here they have to go on.
            context.read()
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed = event else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        // Whoever drops what comes does not care that it ends; NIO closes once our side has ended, too.
        guard !isDropping else { return }
        context.fireUserInboundEventTriggered(ClientFinished())
        guard context.channel.isActive else { return }
        if ahead == nil {
            context.fireUserInboundEventTriggered(event)
        } else {
            // It keeps its place behind the requests that came before it.
            hasInputEndedAhead = true
        }
    }

    private func scheduleCheck(context: ChannelHandlerContext) {
        let next = deadlines.nextCheck(now: context.eventLoop.now)
        check = context.eventLoop.assumeIsolated().scheduleTask(deadline: next) {
            self.lookAtDeadlines()
        }
    }

    private func lookAtDeadlines() {
        guard let context else { return }
        switch deadlines.expiry(now: context.eventLoop.now) {
        case .idle, .answer, .linger:
            context.close(promise: nil)
        case .request:
            context.fireUserInboundEventTriggered(RequestTimedOut())
            scheduleCheck(context: context)
        case nil:
            scheduleCheck(context: context)
        }
    }
}
