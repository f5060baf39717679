import HTTPAPI
import Logging
import NIOCore
import NIOEmbedded
import QueueEngine

extension FuzzedDecoder {
    /// The bytes come in one piece, then byte by byte: the answers are the same, whole, and blame only the caller.
    ///
    /// Only whether a request that does not end is answered before the connection closes may differ.
    static func checkHTTP(_ bytes: [UInt8]) throws {
        let whole = try answers(to: [bytes])
        let dribbled = bytes.count <= 512 ? try answers(to: bytes.map { [$0] }) : whole
        try require(whole == dribbled, "statuses \(whole) in one piece, but \(dribbled) byte by byte")
    }

    /// The statuses of what comes back.
    private static func answers(to pieces: [[UInt8]]) throws -> [Int] {
        let channel = EmbeddedChannel()
        let broker = FuzzedBroker(timers: EventLoopTimers(eventLoop: channel.embeddedEventLoop))
        let configuration = HTTPServerConfiguration(
            host: "127.0.0.1",
            port: 0,
            publicUrl: nil,
            account: "000000000000",
            idleTimeoutSeconds: 75,
            connectionsMax: 10
        )
        try ConnectionPipeline.configure(
            channel,
            configuration: configuration,
            engine: broker.engine,
            loop: ServingLoop(
                eventLoop: channel.embeddedEventLoop,
                bodyRooms: BodyRooms(configuration)
            ),
            logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }
        )
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        for piece in pieces where channel.isActive && !piece.isEmpty {
            try channel.writeInbound(ByteBuffer(bytes: piece))
            channel.embeddedEventLoop.run()
        }
        // Long enough for every long poll and every deadline.
        for _ in 0..<100 {
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        }
        try require(!channel.isActive, "the connection is open still after all deadlines")
        var output: [UInt8] = []
        while let part = try channel.readOutbound(as: ByteBuffer.self) {
            output += Array(part.readableBytesView)
        }
        _ = try? channel.finish(acceptAlreadyClosed: true)
        return try statuses(in: output)
    }

    private static func statuses(in output: [UInt8]) throws -> [Int] {
        var statuses: [Int] = []
        var rest = output[...]
        while !rest.isEmpty {
            guard let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) else {
                throw Violation("an answer's head does not end: \(String(decoding: rest, as: UTF8.self))")
            }
            let head = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
            rest = rest[end.upperBound...]
            guard head.hasPrefix("HTTP/1."), let status = Int(head.dropFirst(9).prefix(3)) else {
                throw Violation("no answer begins so: \(head)")
            }
            try require((100..<500).contains(status), "the answer is \(head)")
            if status != 100 { statuses.append(status) }
            // The answer to a HEAD has a length, but no body.
            guard !rest.starts(with: Array("HTTP/1.".utf8)), !rest.isEmpty else { continue }
            let length = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
            let count = length.flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
            try require(count <= rest.count, "the body is shorter than \(head)")
            rest = rest.dropFirst(count)
        }
        return statuses.last == 408 ? statuses.dropLast() : statuses
    }
}
