internal import HTTPAPI
package import Logging
internal import NIOPosix
internal import QueueEngine
internal import SQLiteStore

/// A store, an engine and a server, wired together: the only place that names a store.
package final class Broker {
    private let store: SQLiteStore
    private let engine: QueueEngine
    private let server: HTTPServer

    /// Opens the store, which recovers what an unclean stop has left, and listens.
    ///
    /// `onFailure` is called, on any thread, if the store fails later; from then on requests are answered with errors.
    /// Throws `StartError`; nothing stays open or locked then.
    package init(
        configuration: BrokerConfiguration,
        logger: Logger,
        onFailure: @escaping @Sendable (any Error) -> Void
    ) throws {
        store = try Self.openStore(configuration, logger: logger, onFailure: onFailure)
        engine = QueueEngine(
            store: store,
            identity: ServiceIdentity(region: configuration.region, account: configuration.account),
            timers: EventLoopTimers(eventLoop: MultiThreadedEventLoopGroup.singleton.next()),
            logger: logger
        )
        server = HTTPServer(
            configuration: HTTPServerConfiguration(configuration),
            engine: engine,
            logger: logger
        )
        do {
            try server.start()
        } catch {
            store.close()
            throw StartError(
                status: .cannotListen,
                description: "can't listen on \(configuration.host), port \(configuration.port): \(error)"
            )
        }
        engine.startChores()
    }

    /// Where clients connect to, such as `127.0.0.1:9324`.
    package var address: String {
        server.address
    }

    /// Stops in the order that loses nothing: polls end, what is under way is answered, the store closes.
    package func stop() {
        engine.endLongPolls()
        server.stop()
        engine.stopChores()
        store.close()
    }

    /// Ends connections after the store has failed: whatever was answered before is all that counts.
    package func abandon() {
        engine.endLongPolls()
        server.stop()
    }
}
