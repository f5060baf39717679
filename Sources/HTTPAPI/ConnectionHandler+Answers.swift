internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import QueueEngine
internal import QueueModel
internal import SQSWire

// Answers: from what the engine tells, or from what is wrong with a request, to the bytes of one flush.
extension ConnectionHandler {
    /// Answers a request that is not carried out, and closes: the rest of it is not read.
    func refuse(_ error: SQSError, from origin: ChannelHandlerContext? = nil) {
        guard let context, context.channel.isActive else { return }
        switch state {
        case .closing, .performing, .waiting: return
        case .idle, .receiving: break
        }
        begin(context: context)
        answer(error, isLast: true, from: origin)
    }

    func answer(
        _ error: SQSError,
        allow: String? = nil,
        isLast: Bool = false,
        from origin: ChannelHandlerContext? = nil
    ) {
        guard let context, let exchange else { return }
        var answer = Answer.error(
            error,
            shape: head?.answerShape ?? .query(.xml),
            requestId: exchange.requestId,
            allocator: context.channel.allocator
        )
        answer.isBodyLeftOut = head?.method == .HEAD
        if let allow {
            answer.extraHeaders.append(("Allow", allow))
        }
        write(answer, isLast: isLast, from: origin)
    }

    func write(
        _ answer: Answer,
        received: ReceivedAnswer? = nil,
        isLast: Bool = false,
        from origin: ChannelHandlerContext? = nil
    ) {
        guard let context, let exchange else { return }
        let isKeepAlive = !isLast && !loop.isStopping && !isInputOver && !isSurplus && head?.isKeepAlive == true
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
        log(answer, of: exchange, on: context.eventLoop)

        // All of this is in order before the answer is written: its end lets in the next request at once.
        state = isKeepAlive ? .idle : .closing
        self.exchange = nil
        head = nil
        body = nil
        isBodyOwn = false
        giveBodyRoomBack()
        watch.answerWritten()
        if !isKeepAlive {
            watch.dropInput()
        }

        if received?.share != nil {
            longAnswersUntaken += 1
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
        watchLongAnswer(context: context)
    }

    func answerLeft(_ outcome: Result<Void, any Error>, isLast: Bool, received: ReceivedAnswer?) {
        watch.answerTaken()
        if received?.share != nil {
            longAnswerLeft()
        }
        switch outcome {
        case .failure:
            received?.giveBack(to: engine)
            closeNow()
        case .success where isLast:
            watch.closeGently()
        case .success where loop.isStopping:
            closeIfIdle()
        case .success:
            closeIfAllIsAnswered()
        }
    }

    func log(_ answer: Answer, of exchange: Exchange, on eventLoop: any EventLoop) {
        // Why requests are refused that could be carried out otherwise is logged once, not with each of them.
        let isFault = answer.status.code >= 500 && answer.errorCode != SQSError.serviceUnavailable("").code
        let level: Logger.Level = isFault ? .error : .debug
        guard logger.logLevel <= level else { return }
        var metadata: Logger.Metadata = [
            "method": "\(head?.method.rawValue ?? "-")",
            "operation": "\(exchange.operation)",
            "status": "\(answer.status.code)",
            "microseconds": "\((eventLoop.now - exchange.startedAt).nanoseconds / 1_000)",
            "requestId": "\(exchange.requestId)",
        ]
        if let code = answer.errorCode {
            metadata["error"] = "\(code)"
        }
        logger.log(level: level, "request answered", metadata: metadata)
    }
}
