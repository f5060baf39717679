internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import QueueEngine
internal import QueueModel
internal import SQSWire

// Answers: from what the engine tells, or from what is wrong with a request, to the bytes of one flush.
extension ConnectionHandler {
    /// Answers a request that is not carried out, and closes: the rest of it is not read.
    func refuse(_ error: SQSError) {
        guard let context, context.channel.isActive else { return }
        switch state {
        case .closing, .performing, .waiting: return
        // Behind a receive that was dropped.
        case .idle where isInputOver: return
        case .idle, .receiving: break
        }
        begin(context: context)
        answer(error, isLast: true)
    }

    func answer(_ error: SQSError, allow: String? = nil, isLast: Bool = false) {
        guard let exchange else { return }
        var answer = Answer.error(
            error,
            shape: head?.answerShape ?? .query(.xml),
            requestId: exchange.requestId,
            into: loop.takeAnswerBuffer()
        )
        answer.isBodyLeftOut = head?.method == .HEAD
        if let allow {
            answer.extraHeaders.append(("Allow", allow))
        }
        write(answer, isLast: isLast)
    }

    func write(_ answer: consuming Answer, received: ReceivedAnswer? = nil, isLast: Bool = false) {
        guard let context, let exchange else { return }
        let isKeepAlive = !isLast && !loop.isStopping && !isInputOver && !isSurplus && head?.isKeepAlive == true
        log(answer, of: exchange, on: context.eventLoop)
        let answerHead = AnswerHead(
            status: answer.status,
            contentType: answer.contentType,
            contentLength: answer.body.readableBytes,
            requestId: exchange.requestId,
            extraHeaders: answer.extraHeaders,
            connection: !isKeepAlive ? "close" : head?.isVersion1Point0 == true ? "keep-alive" : nil
        )
        if answer.isBodyLeftOut {
            answer.body.moveWriterIndex(to: answer.body.readerIndex)
        }
        answerHead.write(before: &answer.body)

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
        context.writeAndFlush(ConnectionHandler.wrapOutboundOut(answer.body), promise: taken)
        loop.giveBack(answerBuffer: answer.body)
        watchLongAnswer(context: context)
        goOn(context: context)
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

    func log(_ answer: borrowing Answer, of exchange: Exchange, on eventLoop: any EventLoop) {
        // Why requests are refused that could be carried out otherwise is logged once, not with each of them.
        let isFault = answer.status.code >= 500 && answer.errorCode != SQSError.serviceUnavailable("").code
        let level: Logger.Level = isFault ? .error : .debug
        guard logger.logLevel <= level else { return }
        let code = answer.errorCode
        var metadata: Logger.Metadata = [
            "method": "\(head?.method.rawValue ?? "-")",
            "operation": "\(exchange.operation)",
            "status": "\(answer.status.code)",
            "microseconds": "\((eventLoop.now - exchange.startedAt).nanoseconds / 1_000)",
            "requestId": "\(exchange.requestId.text)",
        ]
        if let code {
            metadata["error"] = "\(code)"
        }
        logger.log(level: level, "request answered", metadata: metadata)
    }
}
