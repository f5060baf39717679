package import Logging
package import NIOCore
internal import NIOHTTP1
package import QueueEngine

/// Which handlers a connection has.
package enum ConnectionPipeline {
    /// Adds the handlers: deadlines, NIO's HTTP/1 with pipelining and header validation, and the one that serves.
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
        var encoding = HTTPResponseEncoder.Configuration()
        // Every answer says its length itself.
        encoding.automaticallySetFramingHeaders = false

        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(watch)
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: true,
            withErrorHandling: false,
            withOutboundHeaderValidation: true,
            withEncoderConfiguration: encoding,
            withDecoderLimitConfiguration: limits
        )
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
