internal import Glibc

/// Many connections that do nothing while others work; they are closed with it.
package final class Crowd {
    private let authority: String
    private let connections: [Connection]

    /// Keep-alive connections, each of which has had one request answered.
    package static func idle(at endpoint: Endpoint, count: Int) throws(BenchmarkError) -> Crowd {
        let crowd = try Crowd(endpoint, count: count, request: Requests.health(endpoint: endpoint))
        for connection in crowd.connections { try crowd.takeAnswer(connection) }
        return crowd
    }

    /// Connections with a receive each that waits as long as SQS lets it, for a queue in which nothing is.
    package static func waiting(for queue: BenchmarkQueue, count: Int) throws(BenchmarkError) -> Crowd {
        let endpoint = queue.target.endpoint
        let body = #"{"QueueUrl": "\#(queue.url)", "WaitTimeSeconds": \#(waitSeconds)}"#
        let request = Requests.administration(endpoint: endpoint, action: "ReceiveMessage", body: body)
        return try Crowd(endpoint, count: count, request: request)
    }

    /// Seconds that a receive waits, the most that SQS allows.
    package static let waitSeconds = 20

    private static let answerSecondsMax = 20

    private init(_ endpoint: Endpoint, count: Int, request: [UInt8]) throws(BenchmarkError) {
        authority = endpoint.authority
        var made: [Connection] = []
        do throws(BenchmarkError) {
            for _ in 0..<count {
                let connection = try Connection(endpoint)
                made.append(connection)
                guard send(connection.descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
                    throw .system("\(endpoint.authority) took no request", kind: .unreachable)
                }
            }
        } catch {
            for connection in made { close(connection.descriptor) }
            throw error
        }
        connections = made
    }

    deinit {
        for connection in connections { close(connection.descriptor) }
    }

    /// Throws if one of them was answered or closed meanwhile: then it was not one of the crowd any more.
    package func check() throws(BenchmarkError) {
        var byte: UInt8 = 0
        for connection in connections {
            let count = recv(connection.descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
            guard count < 0, errno == EAGAIN else {
                let reason = count > 0 ? "answered" : "closed"
                throw BenchmarkError("\(authority) \(reason) a connection that was to do nothing", kind: .answer)
            }
        }
    }

    private func takeAnswer(_ connection: Connection) throws(BenchmarkError) {
        var patience = timeval(tv_sec: Crowd.answerSecondsMax, tv_usec: 0)
        setsockopt(
            connection.descriptor,
            SOL_SOCKET,
            SO_RCVTIMEO,
            &patience,
            socklen_t(MemoryLayout<timeval>.size)
        )
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 16)
        defer { buffer.deallocate() }
        var length = 0
        while length < buffer.count {
            let room = UnsafeMutableRawBufferPointer(rebasing: buffer[length...])
            let count = recv(connection.descriptor, room.baseAddress, room.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let reason = count == 0 ? "closed a connection" : "did not answer: \(SystemError.text)"
                throw BenchmarkError("\(authority) \(reason)", kind: .unreachable)
            }
            length += count
            guard let answer = try Answer(UnsafeMutableRawBufferPointer(rebasing: buffer[..<length])) else { continue }
            guard answer.status == 200 else {
                throw BenchmarkError("a connection was answered with status \(answer.status)", kind: .answer)
            }
            return
        }
        throw BenchmarkError("\(authority) sent an answer that is too long", kind: .answer)
    }
}
