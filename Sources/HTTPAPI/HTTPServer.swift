public import Logging
public import NIOCore
internal import NIOHTTP1
public import NIOPosix
public import QueueEngine
internal import Synchronization

/// The SQS endpoint: listens on a TCP port and serves the API over HTTP/1.
public final class HTTPServer: Sendable {
    /// More connections than configured.
    private struct TooManyConnections: Error {}

    /// TCP_NOTSENT_LOWAT of Linux, which Glibc's headers have too late for some systems.
    private static let tcpNotSentLowWaterMark: CInt = 25

    /// What a connection takes that has served a request and is idle (measured).
    private static let connectionSizeBytes = 8 * 1_024

    /// Bytes of one read.
    private static let readSizeBytesMax = 32_768

    private let configuration: HTTPServerConfiguration
    private let engine: QueueEngine
    private let group: any EventLoopGroup
    private let logger: Logger
    private let loops: [ObjectIdentifier: NIOLoopBoundBox<ServingLoop>]
    private let limit: ConnectionLimit
    private let bodyRooms: BodyRooms
    private let listener = Mutex<(any Channel)?>(nil)

    /// Makes a server that is not listening yet.
    ///
    /// The event loops stay the caller's, who shuts them down after the server and the store have stopped.
    public init(
        configuration: HTTPServerConfiguration,
        engine: QueueEngine,
        group: any EventLoopGroup,
        logger: Logger
    ) {
        var configuration = configuration
        while configuration.publicUrl?.hasSuffix("/") == true {
            configuration.publicUrl?.removeLast()
        }
        self.configuration = configuration
        self.engine = engine
        self.group = group
        self.logger = logger
        bodyRooms = BodyRooms(configuration)
        limit = ConnectionLimit(
            connectionsMax: configuration.connectionsMax,
            surplusMax: configuration.surplusConnectionsMax,
            logger: logger
        )
        var loops: [ObjectIdentifier: NIOLoopBoundBox<ServingLoop>] = [:]
        for eventLoop in group.makeIterator() {
            loops[ObjectIdentifier(eventLoop)] = .makeBoxSendingValue(
                ServingLoop(eventLoop: eventLoop, bodyRooms: bodyRooms),
                eventLoop: eventLoop
            )
        }
        self.loops = loops
    }

    /// Makes event loops for a server: one a core, but for the one that the store's writer needs.
    public static func makeEventLoops(
        count: Int = max(1, System.coreCount - 1)
    ) -> MultiThreadedEventLoopGroup {
        MultiThreadedEventLoopGroup(numberOfThreads: count)
    }

    /// Starts to listen.
    ///
    /// - Returns: the address, with the port that the system chose if the configuration says 0; fails with NIO's error
    ///   if the address can't be listened on.
    public func start() -> EventLoopFuture<SocketAddress> {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Int32(configuration.backlog))
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptBackoff(logger: self.logger))
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // Whoever has finished sending may still wait for an answer.
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            // One read at a time bounds what pipelined requests can hold.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            // A connection keeps its buffer for reading while it is idle.
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 2_048, maximum: Self.readSizeBytesMax)
            )
            .childChannelOption(
                .tcpOption(NIOBSDSocket.Option(rawValue: Self.tcpNotSentLowWaterMark)),
                value: ChannelOptions.Types.SocketOption.Value(configuration.unsentSizeBytesMax)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try self.admit(channel) }
            }
            .bind(host: configuration.host, port: configuration.port)
            .flatMapThrowing { channel in
                guard let address = channel.localAddress else { throw ChannelError.unknownLocalAddress }
                self.listener.withLock { $0 = channel }
                return address
            }
    }

    /// Stops: accepts nobody any more, closes idle connections, and closes the others once their request is answered.
    ///
    /// Long polls should have been ended before. Whoever is still there after the deadline is cut off.
    public func stop(deadlineSeconds: Int = 5) -> EventLoopFuture<Void> {
        let listener = listener.withLock { listener in
            defer { listener = nil }
            return listener
        }
        let eventLoop = group.any()
        let isClosed = listener?.close().recover { _ in } ?? eventLoop.makeSucceededVoidFuture()
        return isClosed.hop(to: eventLoop).flatMap {
            let drained = self.loops.values.map { loop in
                loop.eventLoop.flatSubmit {
                    let cutOff = loop.eventLoop.scheduleTask(in: .seconds(Int64(deadlineSeconds))) {
                        loop.value.closeAll()
                    }
                    return loop.value.stop(on: loop.eventLoop).always { _ in cutOff.cancel() }
                }
            }
            return .andAllComplete(drained, on: eventLoop)
        }
    }

    /// How many connections are open now.
    public var connections: Int {
        limit.connections
    }

    /// About how much memory connections and the bodies of their requests use.
    public var sizeBytesHeldForClients: Int {
        limit.connections * Self.connectionSizeBytes + configuration.bodiesSizeBytesMax - bodyRooms.freeSizeBytes
    }

    private func admit(_ channel: any Channel) throws {
        var configuration = configuration
        let admission = limit.admit(now: channel.eventLoop.now)
        switch admission {
        case .closed:
            throw TooManyConnections()
        case .surplus:
            configuration.idleTimeoutSeconds = configuration.surplusDeadlineSeconds
            configuration.headAndBodyDeadlineSeconds = configuration.surplusDeadlineSeconds
        case .served:
            break
        }
        channel.closeFuture.whenComplete { _ in self.limit.connectionClosed() }
        guard let loop = loops[ObjectIdentifier(channel.eventLoop)] else {
            preconditionFailure("a connection is on an event loop of another group")
        }
        try ConnectionPipeline.configure(
            channel,
            configuration: configuration,
            engine: engine,
            loop: loop.value,
            isSurplus: admission == .surplus,
            logger: logger
        )
    }
}
