internal import NIOCore
internal import QueueModel

// Bodies: the pieces of one request put together, and the room that a long one takes.
extension ConnectionHandler {
    /// Takes room for a body that is known to be long, and stops reading until there is some.
    func takeBodyRoom(sizeBytes: Int, context: ChannelHandlerContext) {
        guard bodyShare == nil else { return }
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        let number = requests
        let room = loop.bodyRooms.room(forSizeBytes: sizeBytes)
        let (share, hasRoom) = room.take(sizeBytes: sizeBytes) { [outbox = loop.outbox] in
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
        bodySizeBytesBefore = bodySizeBytesSeen
        secondsOfBody = 0
        scheduleLongBodyCheck(context: context)
    }

    private func scheduleLongBodyCheck(context: ChannelHandlerContext) {
        longBodyCheck = context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) {
            self.lookAtLongBody()
        }
    }

    /// While others wait, what came is held against all the time since they began to: no rhythm of fast and slow gives
    /// a body more of it.
    private func lookAtLongBody() {
        longBodyCheck = nil
        guard let context, let share = bodyShare else { return }
        let size = body?.readableBytes ?? 0
        secondsOfBody += 1
        let isWaitedFor = share.room.isWaitedFor
        if isWaitedFor, secondsOfBody >= configuration.stalledSeconds,
            size - bodySizeBytesBefore < secondsOfBody * sizeBytesDueASecond(share)
        {
            cutOffLongBody()
            return
        }
        if !isWaitedFor {
            bodySizeBytesBefore = bodySizeBytesSeen
            secondsOfBody = 1
        }
        bodySizeBytesSeen = size
        scheduleLongBodyCheck(context: context)
    }

    private func sizeBytesDueASecond(_ share: BodyRoom.Share) -> Int {
        max(configuration.slowBodySizeBytesASecond, share.sizeBytes / configuration.awaitedBodySeconds)
    }

    private func cutOffLongBody() {
        if case .receiving = state {
            refuse(.requestTooSlow)
        } else {
            // All of it came, but the client does not take the answers before its own.
            closeNow()
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
        share.room.giveBack(share)
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
