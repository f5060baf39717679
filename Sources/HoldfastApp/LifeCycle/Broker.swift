internal import Glibc
internal import HTTPAPI
package import Logging
internal import NIOCore
internal import NIOPosix
internal import QueueEngine
package import SQLiteStore

/// A store, an engine and a server, wired together: the only place that names a store.
package final class Broker {
    /// Where clients connect to, such as `127.0.0.1:9324` or `[::1]:9324`; the real port if any was asked for.
    package let address: String

    private let store: SQLiteStore
    private let engine: QueueEngine
    private let server: HTTPServer
    private let control: ControlServer?
    private let eventLoops: MultiThreadedEventLoopGroup

    /// How long requests under way may take to be answered when the broker stops.
    ///
    /// The store answers within milliseconds; this is for clients that don't take their answer.
    package static let drainSecondsMax = 5

    /// The same when the store has failed: there is nothing to be had but errors.
    private static let failedDrainSecondsMax = 1

    /// Opens the store, which recovers what an unclean stop has left, and listens.
    ///
    /// `onFailure` is called, on any thread, if the store fails later; then ``abandon()`` is to be called, not
    /// ``stop()``. Throws `StartError`; nothing stays open or locked then.
    package init(
        configuration: BrokerConfiguration,
        storeConfiguration: SQLiteStoreConfiguration = SQLiteStoreConfiguration(),
        logger: Logger,
        onFailure: @escaping @Sendable (any Error) -> Void
    ) throws {
        store = try Self.openStore(configuration, storeConfiguration, logger: logger, onFailure: onFailure)
        eventLoops = HTTPServer.makeEventLoops()
        engine = QueueEngine(
            store: store,
            identity: ServiceIdentity(region: configuration.region, account: configuration.account),
            configuration: EngineConfiguration(configuration),
            timers: EventLoopTimers(eventLoop: eventLoops.next()),
            logger: logger
        )
        server = HTTPServer(
            configuration: HTTPServerConfiguration(configuration),
            engine: engine,
            group: eventLoops,
            logger: logger
        )
        do {
            address = try server.start().map { Self.text(of: $0) }.wait()
        } catch {
            store.close()
            try? eventLoops.syncShutdownGracefully()
            throw StartError(
                status: .cannotListen,
                description: "can't listen on \(configuration.host), port \(configuration.port): "
                    + Self.text(of: error)
            )
        }
        control = ControlServer(
            dataDirectory: configuration.dataDirectory,
            store: store,
            group: eventLoops,
            logger: logger
        )
        engine.startChores()
    }

    /// Stops in the order that loses nothing: polls end, what is under way is answered, the store closes.
    ///
    /// Blocks until all that is done. To be called once.
    package func stop() {
        engine.endLongPolls()
        drain(secondsMax: Self.drainSecondsMax)
        engine.stopChores()
        control?.stop()
        store.close()
        try? eventLoops.syncShutdownGracefully()
    }

    /// Lets the last answers out after the store has failed; the store stays as it is, for recovery to read.
    package func abandon() {
        engine.endLongPolls()
        drain(secondsMax: Self.failedDrainSecondsMax)
    }

    /// About how much memory clients make the broker hold now.
    package var sizeBytesHeldForClients: @Sendable () -> Int {
        { [server, engine] in server.sizeBytesHeldForClients + engine.answerRoom.usedSizeBytes }
    }

    private func drain(secondsMax: Int) {
        // Whoever has not taken the answer by then is cut off, so waiting can't fail.
        try? server.stop(deadlineSeconds: secondsMax).wait()
    }

    private static func text(of error: any Error) -> String {
        // NIO's own text is about the call that failed.
        (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
    }

    private static func text(of address: SocketAddress) -> String {
        guard let ip = address.ipAddress, let port = address.port else { return address.description }
        return ip.contains(":") ? "[\(ip)]:\(port)" : "\(ip):\(port)"
    }
}
