import NIOCore
import NIOPosix

/// Keep-alive connections to one server, and one thread that runs loads over them.
final class LoadGenerator: Sendable {
    /// How many connections there are.
    let connectionCount: Int

    /// Without any answer for this long a run fails.
    private static let patience = TimeAmount.seconds(20)

    private let group: MultiThreadedEventLoopGroup
    private let loop: any EventLoop
    private let connections: NIOLoopBoundBox<[Connection]>

    /// Connects; throws if the server does not listen.
    init(_ endpoint: Endpoint, connections count: Int) throws {
        precondition(count > 0)
        connectionCount = count
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        self.loop = loop
        let connections = NIOLoopBoundBox<[Connection]>.makeBoxSendingValue([], eventLoop: loop)
        self.connections = connections
        let bootstrap = ClientBootstrap(group: loop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = Connection(number: connections.value.count)
                    try channel.pipeline.syncOperations.addHandler(connection)
                    connections.value.append(connection)
                }
            }
        do {
            for _ in 0..<count { _ = try bootstrap.connect(host: endpoint.host, port: endpoint.port).wait() }
        } catch {
            try? group.syncShutdownGracefully()
            throw error
        }
    }

    /// Runs a load until it has nothing more to do, or for some seconds and then until what it began is finished.
    ///
    /// Throws at the first answer that is an error; the generator is then of no more use.
    func run(_ load: any Load, seconds: Double? = nil) throws -> LoadResult {
        let promise = loop.makePromise(of: LoadResult.self)
        loop.execute { [loop, connections, connectionCount] in
            let run = LoadRun(load: load, connections: connectionCount, seconds: seconds, promise: promise)
            Self.watch(run, loop: loop, until: promise.futureResult)
            for connection in connections.value { connection.start(run) }
        }
        return try promise.futureResult.wait()
    }

    /// Closes the connections and ends the thread.
    func close() {
        // Nothing waits for the sockets' end, so a failure here changes nothing.
        try? group.syncShutdownGracefully()
    }

    private static func watch(_ run: LoadRun, loop: any EventLoop, until end: EventLoopFuture<LoadResult>) {
        let bound = NIOLoopBound(run, eventLoop: loop)
        let requestsBefore = NIOLoopBoundBox(-1, eventLoop: loop)
        let task = loop.scheduleRepeatedTask(initialDelay: patience, delay: patience) { _ in
            if bound.value.requests == requestsBefore.value {
                bound.value.fail(
                    BenchError("the server has not answered for \(patience.nanoseconds / 1_000_000_000) s")
                )
            }
            requestsBefore.value = bound.value.requests
        }
        end.whenComplete { _ in task.cancel() }
    }
}
