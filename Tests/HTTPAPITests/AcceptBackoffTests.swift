import Glibc
import HTTPAPI
import Logging
import NIOCore
import NIOEmbedded
import Testing

@Suite struct AcceptBackoffTests {
    private final class Reads: ChannelOutboundHandler {
        typealias OutboundIn = NIOAny

        var count = 0

        func read(context: ChannelHandlerContext) {
            count += 1
        }
    }

    private func listener() throws -> (EmbeddedChannel, Reads) {
        let channel = EmbeddedChannel()
        let reads = Reads()
        try channel.pipeline.syncOperations.addHandler(reads)
        try channel.pipeline.syncOperations.addHandler(
            AcceptBackoff(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        )
        return (channel, reads)
    }

    @Test(arguments: [EMFILE, ENFILE, ENOBUFS, ENOMEM])
    func `accepting pauses for a second when the system runs out of something`(code: Int32) throws {
        let (channel, reads) = try listener()
        channel.pipeline.fireErrorCaught(IOError(errnoCode: code, reason: "accept"))
        channel.read()
        channel.read()
        channel.pipeline.fireErrorCaught(IOError(errnoCode: code, reason: "accept"))
        #expect(reads.count == 0)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(999))
        #expect(reads.count == 0)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(reads.count == 1)
        channel.read()
        #expect(reads.count == 2)
    }

    @Test func `a client that left before it was accepted keeps nobody waiting`() throws {
        let (channel, reads) = try listener()
        channel.pipeline.fireErrorCaught(IOError(errnoCode: ECONNABORTED, reason: "accept"))
        channel.read()
        #expect(reads.count == 1)
        #expect(throws: IOError.self) { try channel.throwIfErrorCaught() }
    }
}
