internal import NIOCore
internal import NIOHTTP1
internal import QueueEngine
internal import QueueModel
internal import SQSWire

// Requests: from the parts that NIO's decoder tells to the engine.
extension ConnectionHandler {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // Through `Self` the compiler would leave this generic, at a thousand instructions for each part.
        let part = ConnectionHandler.unwrapInboundIn(data)
        if holdsEvents {
            held.append(.part(part))
        } else {
            take(part, context: context)
        }
    }

    func take(_ part: HTTPServerRequestPart, context: ChannelHandlerContext) {
        switch part {
        case .head(let head):
            // What came behind a receive that was dropped is not answered: that would pass for the receive's answer.
            guard case .idle = state, !isInputOver else { return }
            begin(RequestHead(head, knownHost: lastHost), context: context)
        case .body(var part):
            guard case .receiving = state else { return }
            append(&part, context: context)
        case .end:
            guard case .receiving = state else { return }
            watch.requestArrived()
            state = .waiting
            if isWaitingForBodyRoom {
                // All of it came with the head, so there is nothing to wait for.
                giveBodyRoomBack()
            }
            // A client that sends requests without reading the answers must not pile these up.
            guard context.channel.isWritable else { return }
            carryOut(context: context)
        }
    }

    func begin(_ head: RequestHead, context: ChannelHandlerContext) {
        watch.requestBegan()
        state = .receiving
        self.head = head
        if let refusal = head.refusal {
            refuse(refusal)
        } else if let length = head.contentLength, length > configuration.requestBodySizeBytesMax {
            refuse(.requestEntityTooLarge(maximumBytes: configuration.requestBodySizeBytesMax))
        } else if isSurplus, head.path != "/health" {
            refuse(.serviceUnavailable("Too many connections are open."))
        } else {
            if let length = head.contentLength, length > BodyRoom.longSizeBytesMin {
                takeBodyRoom(sizeBytes: length, context: context)
            }
            askForBody(context: context)
        }
    }

    func resumeWaiting() {
        guard let context, case .waiting = state, context.channel.isActive, context.channel.isWritable else { return }
        carryOut(context: context)
    }

    func carryOut(context: ChannelHandlerContext) {
        guard let head else { preconditionFailure("a request is carried out that has no head") }
        state = .performing
        let body = self.body ?? ByteBuffer()
        self.body = nil
        isBodyOwn = false
        // What of the body goes on from here is counted by the store.
        defer { giveBodyRoomBack() }
        begin(context: context)
        if head.path == "/health" {
            checkHealth(head, context: context)
        } else if head.method == .POST, let target = head.target {
            perform(target: target, body: body, head: head, context: context)
        } else if head.method != .POST, head.method != .GET {
            answer(.methodNotAllowed, allow: "GET, POST")
        } else {
            performQuery(body: body, head: head, context: context)
        }
    }

    func begin(context: ChannelHandlerContext) {
        requests += 1
        exchange = Exchange(
            number: requests,
            requestId: loop.requestIds.next(),
            startedAt: context.eventLoop.now
        )
    }

    func perform(target: String, body: ByteBuffer, head: RequestHead, context: ChannelHandlerContext) {
        guard head.mediaType == .json || head.mediaType == .unnamed else {
            return answer(.wrongContentType(isJSON: true))
        }
        do {
            let request = try AWSJSON.decode(target: target, body: body, path: head.path)
            perform(request, operation: target, head: head, context: context)
        } catch {
            answer(error)
        }
    }

    func performQuery(body: ByteBuffer, head: RequestHead, context: ChannelHandlerContext) {
        guard body.readableBytes == 0 || head.mediaType == .form || head.mediaType == .unnamed else {
            return answer(.wrongContentType(isJSON: false))
        }
        do {
            let form = head.method == .POST && head.mediaType == .form ? body : nil
            let parameters = try QueryParameters(path: head.path, query: head.query, form: form)
            guard let action = parameters.action else {
                write(.unknownOperation(into: loop.takeAnswerBuffer()))
                return
            }
            let request = try AWSQuery.decode(parameters)
            perform(request, operation: action, head: head, context: context)
        } catch {
            answer(error)
        }
    }

    func perform(_ request: SQSRequest, operation: String, head: RequestHead, context: ChannelHandlerContext) {
        if case .receiveMessage = request {
            guard !hasClientFinished else { return dropReceive() }
            exchange?.isReceive = true
        }
        let queueUrl = request.queueUrlToGiveBackTo
        let caller = Caller(
            baseUrl: baseUrl(head, context: context),
            senderId: configuration.account,
            traceHeader: head.traceHeader
        )
        exchange?.operation = operation
        exchange?.caller = caller
        let number = requests
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        engine.perform(request, for: caller, on: loop.outbox) { result in
            connection.value.complete(number, with: result, queueUrl: queueUrl)
        }
    }

    func complete(_ number: UInt64, with result: Result<SQSResult, SQSError>, queueUrl: String) {
        var received = ReceivedAnswer(result, queueUrl: queueUrl)
        guard context != nil, let exchange, exchange.number == number else {
            received?.giveBack(to: engine)
            return
        }
        switch result {
        case .success(let result):
            let answer = Answer.result(
                result,
                shape: head?.answerShape ?? .query(.xml),
                requestId: exchange.requestId,
                into: loop.takeAnswerBuffer()
            )
            if let share = exchange.caller?.takeAnswerShare() {
                received?.keepOnlyHandles(share, encodedSizeBytes: answer.body.readableBytes)
            }
            write(answer, received: received)
        case .failure(let error):
            answer(error)
        }
    }

    func checkHealth(_ head: RequestHead, context: ChannelHandlerContext) {
        guard head.method == .GET || head.method == .HEAD else {
            answer(.methodNotAllowed, allow: "GET, HEAD")
            return
        }
        let number = requests
        let method = head.method
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        engine.checkHealth { [outbox = loop.outbox] isHealthy in
            outbox.execute {
                let connection = connection.value
                guard connection.exchange?.number == number else { return }
                connection.write(
                    .health(isHealthy: isHealthy, to: method, into: connection.loop.takeAnswerBuffer())
                )
            }
        }
    }

    func baseUrl(_ head: RequestHead, context: ChannelHandlerContext) -> String {
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
}
