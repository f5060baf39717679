internal import Foundation

/// A command's connection to the broker that runs on a data directory.
final class ControlClient: Sendable {
    private let descriptor: Int32

    /// Connects; nothing if no broker listens there.
    init?(dataDirectory: String) {
        guard let path = ControlPath(dataDirectory: dataDirectory) else { return nil }
        defer { path.close() }
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.path.utf8) }
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard connected == 0 else {
            close(descriptor)
            return nil
        }
    }

    deinit {
        close(descriptor)
    }

    /// Sends a request; that the broker has gone shows when its answer is read.
    func send(_ request: ControlMessage.Request) {
        var rest = ControlMessage.line(request)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Reads the broker's answers one after another, each when it comes, until `isLast` or the connection ends.
    func readAnswers(_ isLast: (ControlMessage.Answer) -> Bool) {
        var lines = ControlLines()
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0, lines.append(buffer[..<count]) else { return }
            while let line = lines.next() {
                guard let answer = ControlMessage.message(ControlMessage.Answer.self, in: line) else { return }
                if isLast(answer) { return }
            }
        }
    }
}
