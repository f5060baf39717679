package import Logging
package import NIOCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Waits a second when no more connections can be accepted because files or memory have run out.
///
/// NIO keeps the listening socket open on such errors but tries again at once, which would turn a shortage of file
/// descriptors into a loop that eats a whole core.
package final class AcceptBackoff: ChannelDuplexHandler {
    package typealias InboundIn = NIOAny
    package typealias OutboundIn = NIOAny

    private static let pause = TimeAmount.seconds(1)

    private let logger: Logger
    private var isPausing = false
    private var isReadWaiting = false

    /// Makes a handler for the pipeline of a listening channel.
    package init(logger: Logger) {
        self.logger = logger
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let code = (error as? IOError)?.errnoCode, [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(code) else {
            // Such as a client that left again while it was waiting: the next one can be accepted at once.
            context.fireErrorCaught(error)
            return
        }
        guard !isPausing else { return }
        isPausing = true
        logger.error("connections can't be accepted, trying again in a second", metadata: ["error": "\(error)"])
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) {
            self.isPausing = false
            if self.isReadWaiting {
                self.isReadWaiting = false
                context.read()
            }
        }
    }

    package func read(context: ChannelHandlerContext) {
        if isPausing {
            isReadWaiting = true
        } else {
            context.read()
        }
    }
}
