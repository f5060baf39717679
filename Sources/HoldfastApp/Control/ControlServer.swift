internal import Glibc
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import SQLiteStore

/// Listens for commands on the data directory's socket, which only the directory's owner can open.
final class ControlServer: Sendable {
    private let path: ControlPath
    private let channel: any Channel

    /// Listens, in the place of a socket that another process left.
    ///
    /// To be called with the data directory's lock taken, so that nobody else uses the socket. Nothing if it can't be
    /// made, which is logged: the broker does its work without.
    init?(dataDirectory: String, store: SQLiteStore, group: any EventLoopGroup, logger: Logger) {
        guard let path = ControlPath(dataDirectory: dataDirectory) else { return nil }
        unlink(path.path)
        do {
            channel = try ServerBootstrap(group: group)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(ControlHandler(store: store, logger: logger))
                    }
                }
                .bind(unixDomainSocketPath: path.path)
                .wait()
        } catch {
            logger.warning(
                "commands can't reach this broker, so there is no online backup: the socket can't be made",
                metadata: ["directory": "\(dataDirectory)", "error": "\(error)"]
            )
            path.close()
            return nil
        }
        self.path = path
        chmod(path.path, 0o600)
    }

    /// Listens no more and removes the socket.
    func stop() {
        try? channel.close().wait()
        unlink(path.path)
        path.close()
    }
}
