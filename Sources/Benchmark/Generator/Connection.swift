internal import Glibc

/// One keep-alive connection of the generator: one request under way at a time.
struct Connection {
    /// Its socket.
    let descriptor: Int32

    /// What is under way.
    var operation = Operation.administration

    /// When it was sent.
    var sentAt: UInt64 = 0

    /// What has come of an answer that is not complete.
    var received: [UInt8] = []

    /// What the kernel has not taken yet of a long request.
    var unsent: [UInt8] = []

    /// Whether it waits for an answer.
    var isBusy = false

    /// Connects; throws if the server can't be reached.
    init(_ endpoint: Endpoint) throws(BenchmarkError) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(endpoint.host, "\(endpoint.port)", &hints, &found)
        guard code == 0 else {
            let reason = String(cString: gai_strerror(code))
            throw BenchmarkError("\(endpoint.authority) can't be reached: \(reason)", kind: .unreachable)
        }
        defer { freeaddrinfo(found) }
        var reason = "it has no address"
        var next = found
        while let address = next?.pointee {
            if let connected = Self.connected(to: address, reason: &reason) {
                descriptor = connected
                return
            }
            next = address.ai_next
        }
        throw BenchmarkError("\(endpoint.authority) can't be reached: \(reason)", kind: .unreachable)
    }

    private static let connectSecondsMax = 10

    private static func connected(to address: addrinfo, reason: inout String) -> Int32? {
        let descriptor = socket(address.ai_family, address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else {
            reason = SystemError.text
            return nil
        }
        var patience = timeval(tv_sec: connectSecondsMax, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        guard connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 else {
            reason = errno == EINPROGRESS ? "no answer" : SystemError.text
            Glibc.close(descriptor)
            return nil
        }
        return descriptor
    }
}
