package import Logging
package import NIOCore
internal import NIOHTTP1
package import QueueEngine

/// Which handlers a connection has.
package enum ConnectionPipeline {
    /// Adds the handlers: deadlines, NIO's HTTP/1 decoder with its header validation, and the one that serves.
    ///
    /// Answers are written by hand and requests are held by the handler that serves: NIO's handlers for both cost as
    /// much as the decoder (`docs/speed.md`).
    ///
    /// To be called on the channel's event loop. A surplus connection is answered once, and only what it asks of the
    /// health.
    package static func configure(
        _ channel: any Channel,
        configuration: HTTPServerConfiguration,
        engine: QueueEngine,
        loop: ServingLoop,
        isSurplus: Bool = false,
        logger: Logger
    ) throws {
        let watch = ConnectionGuard(configuration, now: channel.eventLoop.now)
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = configuration.headerSizeBytesMax
        limits.maxHeaderListSize = configuration.headSizeBytesMax
        limits.maxHeaderFieldCount = configuration.headersMax

        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(watch)
        try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits)))
        try pipeline.addHandler(
            ConnectionHandler(
                configuration: configuration,
                engine: engine,
                loop: loop,
                watch: watch,
                isSurplus: isSurplus,
                logger: logger
            )
        )
    }
}
