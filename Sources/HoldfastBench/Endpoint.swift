/// Where a server listens.
struct Endpoint: Sendable, Equatable {
    /// Name or address.
    var host: String

    /// TCP port.
    var port: Int

    /// An endpoint on this machine.
    init(loopbackPort port: Int) {
        self.host = "127.0.0.1"
        self.port = port
    }

    /// Reads `http://host:port`, with or without a slash at the end; nil if it has another form.
    ///
    /// Plain HTTP only: the generator's requests carry a signature of the right length that nobody can verify.
    init?(url: String) {
        let scheme = "http://"
        guard url.hasPrefix(scheme) else { return nil }
        var rest = url.dropFirst(scheme.count)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty, parts.count <= 2, !rest.contains("/") else { return nil }
        self.host = String(host)
        if parts.count == 2 {
            guard let port = Int(parts[1]), (1...65_535).contains(port) else { return nil }
            self.port = port
        } else {
            self.port = 80
        }
    }

    /// As the `Host` header has it.
    var authority: String { "\(host):\(port)" }
}
