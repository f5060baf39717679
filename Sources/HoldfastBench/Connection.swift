import NIOCore

/// One keep-alive connection of the generator: one request under way at a time.
final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let number: Int
    private var context: ChannelHandlerContext?
    private var run: LoadRun?
    private var operation = Operation.administration
    private var sentAt = NIODeadline.now()
    private var received: ByteBuffer?
    private var request = ByteBuffer()
    private var isClosed = false

    /// The generator's connection of this number.
    init(number: Int) {
        self.number = number
    }

    /// Begins with the run's first request.
    func start(_ run: LoadRun) {
        self.run = run
        if isClosed {
            run.fail(BenchError("the server has closed a connection"))
        } else {
            sendNext(run)
        }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if received == nil {
            received = bytes
        } else {
            received?.writeBuffer(&bytes)
        }
        guard let run else { return }
        do {
            guard try takeAnswer(run) else { return }
            sendNext(run)
        } catch {
            run.fail(error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isClosed = true
        run?.fail(BenchError("the server closed a connection while \(operation.name) was under way"))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        run?.fail(BenchError("\(operation.name): \(error)"))
        context.close(promise: nil)
    }

    /// Whether the answer is complete.
    private func takeAnswer(_ run: LoadRun) throws(BenchError) -> Bool {
        guard let received else { return false }
        let outcome: Result<Int?, BenchError> = received.withUnsafeReadableBytes { bytes in
            do throws(BenchError) {
                guard let answer = try Answer(bytes) else { return .success(nil) }
                run.record(operation, nanoseconds: (NIODeadline.now() - sentAt).nanoseconds)
                guard answer.status == 200 else {
                    let body = String(decoding: answer.body.prefix(500), as: UTF8.self)
                    throw BenchError("\(operation.name) was answered with status \(answer.status): \(body)")
                }
                try run.load.take(body: answer.body, operation: operation, connection: number)
                return .success(answer.length)
            } catch {
                return .failure(error)
            }
        }
        guard let length = try outcome.get() else { return false }
        guard length == received.readableBytes else {
            throw BenchError("the server sent more than the answer to \(operation.name)")
        }
        self.received = nil
        return true
    }

    private func sendNext(_ run: LoadRun) {
        guard let context else { return }
        // The kernel has taken the last request as a rule, so its memory is used again.
        request.clear()
        guard let next = run.load.writeRequest(connection: number, stopping: run.isStopping, into: &request) else {
            self.run = nil
            run.connectionIsDone()
            return
        }
        operation = next
        sentAt = .now()
        context.writeAndFlush(wrapOutboundOut(request), promise: nil)
    }
}
