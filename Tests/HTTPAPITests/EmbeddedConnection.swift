import HTTPAPI
import Logging
import NIOCore
import NIOEmbedded
import QueueEngine
import ReferenceStore

/// A connection without a socket, whose time passes only when a test says so.
final class EmbeddedConnection {
    /// Stands for the socket: writes leave at once or are held, and a FIN of ours is only noted.
    final class Wire: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer

        var isHolding = false
        private(set) var hasSentFIN = false
        private var held: [EventLoopPromise<Void>?] = []

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            context.write(data, promise: isHolding ? nil : promise)
            if isHolding {
                held.append(promise)
            }
        }

        func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
            guard mode == .output else {
                context.close(mode: mode, promise: promise)
                for promise in held {
                    promise?.fail(ChannelError.ioOnClosedChannel)
                }
                held = []
                return
            }
            hasSentFIN = true
            promise?.succeed()
        }
    }

    let channel = EmbeddedChannel()
    let wire = Wire()
    let clock = ManualClock()
    let store: HeldStore
    let engine: QueueEngine

    init(
        _ configuration: HTTPServerConfiguration = .test,
        engineConfiguration: EngineConfiguration = EngineConfiguration(),
        bodyRooms: BodyRooms? = nil,
        isSurplus: Bool = false
    ) throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        store = HeldStore(ReferenceStore(clock: clock))
        engine = QueueEngine(
            store: store,
            identity: ServiceIdentity(region: "us-east-1", account: configuration.account),
            configuration: engineConfiguration,
            timers: EventLoopTimers(eventLoop: channel.embeddedEventLoop),
            logger: logger
        )
        try channel.pipeline.syncOperations.addHandler(wire)
        try ConnectionPipeline.configure(
            channel,
            configuration: configuration,
            engine: engine,
            loop: ServingLoop(
                eventLoop: channel.embeddedEventLoop,
                bodyRooms: bodyRooms ?? BodyRooms(configuration)
            ),
            isSurplus: isSurplus,
            logger: logger
        )
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    deinit {
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    /// Whether neither side has closed.
    var isOpen: Bool {
        channel.isActive
    }

    /// Bytes come from the client.
    func receive(_ text: String) throws {
        try channel.writeInbound(ByteBuffer(string: text))
        run()
    }

    /// The event loop does what is there to do now.
    func run() {
        channel.embeddedEventLoop.run()
    }

    /// Time passes, second by second.
    func wait(seconds: Int) {
        for _ in 0..<seconds {
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        }
    }

    /// All that was sent to the client since the last call.
    func sent() throws -> String {
        var text = ""
        while let part = try channel.readOutbound(as: ByteBuffer.self) {
            text += String(buffer: part)
        }
        return text
    }
}
