import Dispatch
import HTTPAPI
import Logging
import NIOCore
import NIOPosix
import QueueEngine
import QueueModel
import ReferenceStore

extension HTTPServerConfiguration {
    /// What tests use unless they say otherwise: a free port of the loopback.
    static let test = HTTPServerConfiguration(
        host: "127.0.0.1",
        port: 0,
        publicUrl: nil,
        account: "000000000000",
        idleTimeoutSeconds: 75,
        connectionsMax: 1_000
    )
}

/// The endpoint on a free port of the loopback, over the reference store, on one event loop.
///
/// One loop sees what clients do in the order in which they do it, so that tests need not wait for it.
final class TestServer {
    let port: Int
    let clock = ManualClock()
    let store: HeldStore
    let engine: QueueEngine
    let group: MultiThreadedEventLoopGroup
    let server: HTTPServer

    init(
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        _ change: (inout HTTPServerConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = HTTPServerConfiguration.test
        change(&configuration)
        store = HeldStore(ReferenceStore(clock: clock))
        group = HTTPServer.makeEventLoops(count: 1)
        engine = QueueEngine(
            store: store,
            identity: ServiceIdentity(region: "us-east-1", account: configuration.account),
            timers: EventLoopTimers(eventLoop: group.any()),
            logger: logger
        )
        server = HTTPServer(configuration: configuration, engine: engine, group: group, logger: logger)
        port = try server.start().wait().port ?? 0
    }

    deinit {
        store.release()
        engine.endLongPolls()
        try? server.stop(deadlineSeconds: 0).wait()
        try? group.syncShutdownGracefully()
    }

    func connect() throws -> TestClient {
        try TestClient(port: port)
    }

    /// A connection that the server already serves.
    ///
    /// What is sent over it is read before what is sent later over others.
    func connectAndCall() throws -> TestClient {
        let client = try connect()
        _ = try client.answer("ListQueues", "{}")
        return client
    }

    /// A connection, after a queue was made over it.
    func connect(withQueue name: String) throws -> TestClient {
        let client = try connect()
        _ = try client.answer("CreateQueue", #"{"QueueName":"\#(name)"}"#)
        return client
    }

    /// Whether the server still serves somebody who comes now.
    func serves() throws -> Bool {
        try connect().answer("ListQueues", "{}").status == 200
    }

    /// Blocks until so many outcomes are held by the store.
    func waitUntilHolding(_ count: Int) {
        let semaphore = DispatchSemaphore(value: 0)
        store.whenHolding(count) { semaphore.signal() }
        semaphore.wait()
    }

    /// Blocks until the event loop has done what was asked of it before.
    func settle() throws {
        try group.any().submit {}.wait()
    }

    /// Blocks until only so many connections are open: when the kernel tells of a FIN is not in a test's hands.
    func waitForConnections(atMost count: Int) throws {
        let deadline = NIODeadline.now() + .seconds(20)
        while server.connections > count {
            try settle()
            guard NIODeadline.now() < deadline else {
                throw TestClient.Failure(what: "\(server.connections) connections are still open")
            }
        }
    }
}
