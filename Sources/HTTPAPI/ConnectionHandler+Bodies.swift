internal import NIOCore
internal import QueueModel

// Bodies: the pieces of one request put together, and the room that a long one takes.
extension ConnectionHandler {
    /// Takes room for a body that is known to be long, and stops reading until there is some.
    func takeBodyRoom(sizeBytes: Int, context: ChannelHandlerContext) {
        guard bodyShare == nil else { return }
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        let number = requests
        let (share, hasRoom) = loop.bodyRoom.take(
            sizeBytes: min(sizeBytes, configuration.bodiesSizeBytesMax)
        ) { [outbox = loop.outbox] in
            outbox.execute { connection.value.bodyRoomCame(number) }
        }
        bodyShare = share
        if hasRoom {
            watchLongBody(context: context)
        } else {
            isWaitingForBodyRoom = true
            watch.pauseReading()
        }
    }

    /// Looks every second whether a long body gets on: who takes its time with one must not keep others waiting.
    private func watchLongBody(context: ChannelHandlerContext) {
        bodySizeBytesSeen = body?.readableBytes ?? 0
        secondsOfSlowBody = 0
        scheduleLongBodyCheck(context: context)
    }

    private func scheduleLongBodyCheck(context: ChannelHandlerContext) {
        longBodyCheck = context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) {
            self.lookAtLongBody()
        }
    }

    private func lookAtLongBody() {
        longBodyCheck = nil
        guard let context, bodyShare != nil, case .receiving = state else { return }
        let size = body?.readableBytes ?? 0
        let isSlow = size - bodySizeBytesSeen < configuration.slowBodySizeBytesASecond
        secondsOfSlowBody = isSlow ? secondsOfSlowBody + 1 : 0
        bodySizeBytesSeen = size
        if secondsOfSlowBody >= configuration.stalledSeconds, loop.bodyRoom.isWaitedFor {
            refuse(.requestTooSlow)
        } else {
            scheduleLongBodyCheck(context: context)
        }
    }

    private func bodyRoomCame(_ number: UInt64) {
        // The request may have ended meanwhile, and its room with it.
        guard isWaitingForBodyRoom, number == requests, let context else { return }
        isWaitingForBodyRoom = false
        watchLongBody(context: context)
        askForBody(context: context)
        watch.resumeReading()
    }

    /// The body is no longer held here, or never will be.
    func giveBodyRoomBack() {
        guard let share = bodyShare else { return }
        bodyShare = nil
        longBodyCheck?.cancel()
        longBodyCheck = nil
        loop.bodyRoom.giveBack(share)
        if isWaitingForBodyRoom {
            isWaitingForBodyRoom = false
            watch.resumeReading()
        }
    }

    /// Tells a client that waits for `100 Continue` to go on.
    func askForBody(context: ChannelHandlerContext) {
        guard head?.expectsContinue == true, !isWaitingForBodyRoom else { return }
        let part = ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n")
        context.writeAndFlush(ConnectionHandler.wrapOutboundOut(part), promise: nil)
    }

    func append(_ part: inout ByteBuffer, context: ChannelHandlerContext) {
        let size = (body?.readableBytes ?? 0) + part.readableBytes
        guard size <= configuration.requestBodySizeBytesMax else {
            refuse(.requestEntityTooLarge(maximumBytes: configuration.requestBodySizeBytesMax))
            return
        }
        if size > BodyRoom.longSizeBytesMin {
            // It comes in chunks, or room for it was taken with its head.
            takeBodyRoom(sizeBytes: configuration.requestBodySizeBytesMax, context: context)
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
}
