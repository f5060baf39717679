internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import QueueEngine
internal import QueueModel
internal import SQSWire

/// Serves one connection: takes requests apart, hands them to the engine, and writes the answers when it is told them.
///
/// NIO's pipelining handler before it lets one request through at a time, so that at most one is under way. All of it
/// runs on the connection's event loop.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
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
    private struct Exchange {
        let number: UInt64
        let requestId: String
        let startedAt: NIODeadline
        var operation = "-"
        var caller: Caller?
    }

    /// A client may have thousands of small requests under way in one read, and the answer of each lets in the next:
    /// past this depth the stack is unwound first.
    private static let nestingMax = 4

    /// Memory set aside on the word of a Content-Length.
    private static let reservedBodySizeBytesMax = 1_048_576

    private let configuration: HTTPServerConfiguration
    private let engine: QueueEngine
    private let loop: ServingLoop
    private let watch: ConnectionGuard
    private let logger: Logger

    private var context: ChannelHandlerContext?
    private var state = State.idle
    private var head: RequestHead?
    private var body: ByteBuffer?
    private var exchange: Exchange?
    private var requests: UInt64 = 0
    private var nesting = 0
    private var lastHost: String?
    private var lastBaseUrl = ""

    init(
        configuration: HTTPServerConfiguration,
        engine: QueueEngine,
        loop: ServingLoop,
        watch: ConnectionGuard,
        logger: Logger
    ) {
        self.configuration = configuration
        self.engine = engine
        self.loop = loop
        self.watch = watch
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
        // A receive that the engine still holds is dropped; one that it has answered is given back on arrival.
        exchange?.caller?.leave()
        exchange = nil
        head = nil
        body = nil
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
            refuse(.unreadable(error))
        case is ByteToMessageDecoderError:
            // More bytes after those that could not be read.
            break
        default:
            context.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ConnectionGuard.RequestTimedOut else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        // The pipelining handler has seen no request yet if it was the head that did not arrive, and lets no answer
        // pass: this one starts below it.
        let below = try? context.pipeline.syncOperations.context(
            handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self
        )
        refuse(.requestTimeout(seconds: configuration.headAndBodyDeadlineSeconds), from: below)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        resumeWaiting()
        context.fireChannelWritabilityChanged()
    }

    // MARK: - Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head):
            guard case .idle = state else { return }
            begin(RequestHead(head), context: context)
        case .body(var part):
            guard case .receiving = state else { return }
            append(&part, context: context)
        case .end:
            guard case .receiving = state else { return }
            watch.requestArrived()
            state = .waiting
            // A client that sends requests without reading the answers must not pile these up.
            guard context.channel.isWritable else { return }
            if nesting < Self.nestingMax {
                carryOut(context: context)
            } else {
                context.eventLoop.assumeIsolated().execute { self.resumeWaiting() }
            }
        }
    }

    private func begin(_ head: RequestHead, context: ChannelHandlerContext) {
        watch.requestBegan()
        state = .receiving
        self.head = head
        if let refusal = head.refusal {
            refuse(refusal)
        } else if let length = head.contentLength, length > configuration.requestBodySizeBytesMax {
            refuse(.requestEntityTooLarge(maximumBytes: configuration.requestBodySizeBytesMax))
        } else if head.expectsContinue {
            let part = HTTPServerResponsePart.head(HTTPResponseHead(version: .http1_1, status: .continue))
            context.writeAndFlush(Self.wrapOutboundOut(part), promise: nil)
        }
    }

    private func append(_ part: inout ByteBuffer, context: ChannelHandlerContext) {
        let size = (body?.readableBytes ?? 0) + part.readableBytes
        guard size <= configuration.requestBodySizeBytesMax else {
            refuse(.requestEntityTooLarge(maximumBytes: configuration.requestBodySizeBytesMax))
            return
        }
        guard var first = body else {
            // Most bodies come in one piece, which needs no copy.
            body = part
            return
        }
        if !isBodyOwn {
            let length = max(size, min(head?.contentLength ?? 0, Self.reservedBodySizeBytesMax))
            var own = context.channel.allocator.buffer(capacity: length)
            own.writeBuffer(&first)
            body = own
            isBodyOwn = true
        }
        body?.writeBuffer(&part)
    }

    /// Whether `body` is a copy of several pieces, and not a slice of what was read.
    private var isBodyOwn = false

    private func resumeWaiting() {
        guard let context, case .waiting = state, context.channel.isActive, context.channel.isWritable else { return }
        carryOut(context: context)
    }

    private func carryOut(context: ChannelHandlerContext) {
        guard let head else { preconditionFailure("a request is carried out that has no head") }
        nesting += 1
        defer { nesting -= 1 }
        state = .performing
        let body = self.body ?? ByteBuffer()
        self.body = nil
        isBodyOwn = false
        begin(context: context)
        if head.path == "/health" {
            checkHealth(head, context: context)
        } else if head.method == .POST, let target = head.target {
            perform(target: target, body: body, head: head, context: context)
        } else if head.method != .POST, head.method != .GET {
            answer(.methodNotAllowed, allow: "GET, POST")
        } else if QueryForm.namesAction(head, body: body) {
            answer(.unsupportedOperation("The Query protocol is not supported yet; use AWS JSON 1.0."))
        } else {
            write(.unknownOperation)
        }
    }

    private func begin(context: ChannelHandlerContext) {
        requests += 1
        exchange = Exchange(
            number: requests,
            requestId: loop.requestIds.next(),
            startedAt: context.eventLoop.now
        )
    }

    private func perform(target: String, body: ByteBuffer, head: RequestHead, context: ChannelHandlerContext) {
        let request: SQSRequest
        do {
            request = try AWSJSON.decode(target: target, body: body)
        } catch {
            answer(error)
            return
        }
        let queueUrl = if case .receiveMessage(let receive) = request { receive.queueUrl } else { "" }
        let caller = Caller(
            baseUrl: baseUrl(head, context: context),
            senderId: configuration.account,
            traceHeader: head.traceHeader
        )
        exchange?.operation = target
        exchange?.caller = caller
        let number = requests
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        engine.perform(request, for: caller, on: loop.outbox) { result in
            connection.value.complete(number, with: result, queueUrl: queueUrl)
        }
    }

    private func complete(_ number: UInt64, with result: Result<SQSResult, SQSError>, queueUrl: String) {
        let received = ReceivedAnswer(result, queueUrl: queueUrl)
        guard let context, exchange?.number == number else {
            received?.giveBack(to: engine)
            return
        }
        switch result {
        case .success(let result):
            write(.result(result, allocator: context.channel.allocator), received: received)
        case .failure(let error):
            answer(error)
        }
    }

    private func checkHealth(_ head: RequestHead, context: ChannelHandlerContext) {
        guard head.method == .GET || head.method == .HEAD else {
            answer(.methodNotAllowed, allow: "GET, HEAD")
            return
        }
        let number = requests
        let method = head.method
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        engine.checkHealth { [outbox = loop.outbox] isHealthy in
            outbox.execute {
                guard connection.value.exchange?.number == number else { return }
                connection.value.write(.health(isHealthy: isHealthy, to: method))
            }
        }
    }

    private func baseUrl(_ head: RequestHead, context: ChannelHandlerContext) -> String {
        if let publicUrl = configuration.publicUrl {
            return publicUrl
        }
        guard let host = head.host else {
            let address = context.localAddress
            let ip = address?.ipAddress ?? configuration.host
            return "http://\(ip.contains(":") ? "[\(ip)]" : ip):\(address?.port ?? configuration.port)"
        }
        if host != lastHost {
            lastHost = host
            lastBaseUrl = "http://\(host)"
        }
        return lastBaseUrl
    }

    // MARK: - Answers

    /// Answers a request that is not carried out, and closes: the rest of it is not read.
    private func refuse(_ error: SQSError, from origin: ChannelHandlerContext? = nil) {
        guard let context, context.channel.isActive else { return }
        switch state {
        case .closing, .performing, .waiting: return
        case .idle, .receiving: break
        }
        begin(context: context)
        answer(error, isLast: true, from: origin)
    }

    private func answer(
        _ error: SQSError,
        allow: String? = nil,
        isLast: Bool = false,
        from origin: ChannelHandlerContext? = nil
    ) {
        guard let context, let exchange else { return }
        let isJSON = head?.target != nil && head?.method == .POST
        var answer = Answer.error(
            error,
            shape: isJSON ? .awsJSON : .xml,
            requestId: exchange.requestId,
            allocator: context.channel.allocator
        )
        answer.isBodyLeftOut = head?.method == .HEAD
        if let allow {
            answer.extraHeaders.append(("Allow", allow))
        }
        write(answer, isLast: isLast, from: origin)
    }

    private func write(
        _ answer: Answer,
        received: ReceivedAnswer? = nil,
        isLast: Bool = false,
        from origin: ChannelHandlerContext? = nil
    ) {
        guard let context, let exchange else { return }
        let isKeepAlive = !isLast && !loop.isStopping && head?.isKeepAlive == true
        var headers: [(String, String)] = []
        headers.reserveCapacity(4 + answer.extraHeaders.count)
        headers.append(("Content-Type", answer.contentType))
        headers.append(("Content-Length", String(answer.body.readableBytes)))
        headers.append(("x-amzn-RequestId", exchange.requestId))
        headers.append(contentsOf: answer.extraHeaders)
        if !isKeepAlive {
            headers.append(("Connection", "close"))
        } else if head?.isVersion1Point0 == true {
            headers.append(("Connection", "keep-alive"))
        }
        log(answer, of: exchange, now: context.eventLoop.now)

        // All of this is in order before the answer is written: its end lets in the next request at once.
        state = isKeepAlive ? .idle : .closing
        self.exchange = nil
        head = nil
        body = nil
        isBodyOwn = false
        watch.answerWritten()
        if !isKeepAlive {
            watch.dropInput()
        }

        let taken = context.eventLoop.makePromise(of: Void.self)
        taken.futureResult.assumeIsolated().whenComplete { outcome in
            self.answerLeft(outcome, isLast: !isKeepAlive, received: received)
        }
        let hasBody = answer.body.readableBytes > 0 && !answer.isBodyLeftOut
        let responseHead = HTTPResponseHead(version: .http1_1, status: answer.status, headers: HTTPHeaders(headers))
        let way = origin ?? context
        way.write(Self.wrapOutboundOut(.head(responseHead)), promise: hasBody ? nil : taken)
        if hasBody {
            way.write(Self.wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: taken)
        }
        way.write(Self.wrapOutboundOut(.end(nil)), promise: nil)
        way.flush()
    }

    private func answerLeft(_ outcome: Result<Void, any Error>, isLast: Bool, received: ReceivedAnswer?) {
        watch.answerTaken()
        switch outcome {
        case .failure:
            received?.giveBack(to: engine)
            closeNow()
        case .success where isLast:
            watch.closeGently()
        case .success where loop.isStopping:
            closeIfIdle()
        case .success:
            break
        }
    }

    private func log(_ answer: Answer, of exchange: Exchange, now: NIODeadline) {
        let isFault = answer.status.code >= 500
        let level: Logger.Level = isFault ? .error : .debug
        guard logger.logLevel <= level else { return }
        var metadata: Logger.Metadata = [
            "method": "\(head?.method.rawValue ?? "-")",
            "operation": "\(exchange.operation)",
            "status": "\(answer.status.code)",
            "microseconds": "\((now - exchange.startedAt).nanoseconds / 1_000)",
            "requestId": "\(exchange.requestId)",
        ]
        if let code = answer.errorCode {
            metadata["error"] = "\(code)"
        }
        logger.log(level: level, "request answered", metadata: metadata)
    }
}

/// Messages on their way to a client; if they can't reach it, they are given back to their queue.
private struct ReceivedAnswer {
    let result: ReceiveMessageResult
    let queueUrl: String

    init?(_ result: Result<SQSResult, SQSError>, queueUrl: String) {
        guard case .success(.receiveMessage(let received)) = result, !received.messages.isEmpty else { return nil }
        self.result = received
        self.queueUrl = queueUrl
    }

    func giveBack(to engine: QueueEngine) {
        engine.giveBack(result, queueUrl: queueUrl)
    }
}
