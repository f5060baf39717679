import Foundation
import Glibc
import NIOCore

/// A TCP client that sends what it is told, byte for byte, and blocks until the answer is there.
final class TestClient {
    struct Failure: Error {
        let what: String
    }

    struct Response {
        var status: Int
        var headers: [(name: String, value: String)]
        var body: String

        subscript(header name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }

        /// The string behind a key of a JSON body.
        func string(_ key: String) -> String? {
            json?[key] as? String
        }

        var json: [String: Any]? {
            (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any]
        }

        var messages: [[String: Any]] {
            json?["Messages"] as? [[String: Any]] ?? []
        }
    }

    private var descriptor: Int32
    private var buffer: [UInt8] = []

    /// Connects to a port of the loopback; nothing that it waits for may take longer than 20 s.
    init(port: Int, receiveBufferBytes: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(what: "socket: \(errno)") }
        if var size = receiveBufferBytes {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: port)
        let result = address.withSockAddr { pointer, size in
            connect(descriptor, pointer, socklen_t(size))
        }
        guard result == 0 else { throw Failure(what: "connect: \(errno)") }
    }

    deinit {
        close()
    }

    /// Closes with a FIN.
    func close() {
        if descriptor >= 0 {
            _ = Glibc.close(descriptor)
            descriptor = -1
        }
    }

    /// Closes with a RST.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { pointer in
                Glibc.send(descriptor, pointer.baseAddress, pointer.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(what: "send: \(errno)") }
            sent += count
        }
    }

    /// Sends an AWS JSON request.
    func call(_ operation: String, _ json: String, path: String = "/", headers: [String] = []) throws {
        try send(TestClient.request(operation, json, path: path, headers: headers))
    }

    /// Sends an AWS JSON request and reads its answer.
    func answer(
        _ operation: String,
        _ json: String,
        path: String = "/",
        headers: [String] = []
    ) throws -> Response {
        try call(operation, json, path: path, headers: headers)
        return try readResponse()
    }

    /// Sends a form of the Query protocol and reads its answer.
    func post(_ form: String, path: String = "/", headers: [String] = []) throws -> Response {
        let lines =
            [
                "POST \(path) HTTP/1.1", "Host: localhost:9324", "Content-Length: \(form.utf8.count)",
                "Content-Type: application/x-www-form-urlencoded; charset=utf-8",
            ] + headers
        try send(lines.joined(separator: "\r\n") + "\r\n\r\n" + form)
        return try readResponse()
    }

    /// Sends a GET and reads its answer.
    func get(_ target: String, headers: [String] = []) throws -> Response {
        let lines = ["GET \(target) HTTP/1.1", "Host: localhost:9324"] + headers
        try send(lines.joined(separator: "\r\n") + "\r\n\r\n")
        return try readResponse()
    }

    /// The bytes of an AWS JSON request.
    static func request(_ operation: String, _ json: String, path: String = "/", headers: [String] = []) -> String {
        let lines =
            [
                "POST \(path) HTTP/1.1", "Host: localhost:9324", "X-Amz-Target: AmazonSQS.\(operation)",
                "Content-Type: application/x-amz-json-1.0", "Content-Length: \(json.utf8.count)",
            ] + headers
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + json
    }

    /// Reads one answer; `isToHead` if it has no body whatever it says.
    func readResponse(isToHead: Bool = false) throws -> Response {
        var head: Range<Int>?
        while head == nil {
            head = buffer.firstRange(of: Array("\r\n\r\n".utf8))
            if head == nil, try !readMore() {
                throw Failure(what: "closed before an answer: \(String(decoding: buffer, as: UTF8.self))")
            }
        }
        guard let head else { throw Failure(what: "no head") }
        let lines = String(decoding: buffer[..<head.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        buffer.removeFirst(head.upperBound)
        let status = Int(lines[0].split(separator: " ")[1]) ?? 0
        let headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (name: String(parts[0]), value: parts[1].trimmingCharacters(in: .whitespaces))
        }
        var response = Response(status: status, headers: headers, body: "")
        let length = isToHead ? 0 : Int(response[header: "Content-Length"] ?? "0") ?? 0
        while buffer.count < length {
            guard try readMore() else { throw Failure(what: "closed within a body") }
        }
        response.body = String(decoding: buffer[..<length], as: UTF8.self)
        buffer.removeFirst(length)
        return response
    }

    /// Whether the server closes the connection without another byte.
    func isClosedByServer() throws -> Bool {
        try buffer.isEmpty && !readMore()
    }

    private func readMore() throws -> Bool {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = bytes.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        if count < 0 {
            if errno == ECONNRESET { return false }
            throw Failure(what: "recv: \(errno)")
        }
        buffer.append(contentsOf: bytes[..<count])
        return count > 0
    }
}
