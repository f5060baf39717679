/// Where a server listens.
package struct Endpoint: Sendable, Equatable {
    /// Name or address.
    package var host: String

    /// TCP port.
    package var port: Int

    /// Path of the requests.
    package var path = "/"

    /// An endpoint on this machine.
    package init(loopbackPort port: Int) {
        self.host = "127.0.0.1"
        self.port = port
    }

    /// Reads `http://host:port/path`, where port and path may be missing; nil if it has another form.
    ///
    /// Plain HTTP only: the generator's requests carry a signature of the right length that nobody can verify.
    package init?(url: String) {
        let scheme = "http://"
        guard url.lowercased().hasPrefix(scheme), url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
        let rest = url.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(authority.count)
        guard !rest.contains("?"), !rest.contains("#"), !authority.contains("@") else { return nil }
        self.path = path.isEmpty ? "/" : String(path)

        var port = Substring("80")
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = String(authority[authority.index(after: authority.startIndex)..<end])
            let behind = authority[authority.index(after: end)...]
            guard behind.isEmpty || behind.hasPrefix(":") else { return nil }
            if !behind.isEmpty { port = behind.dropFirst() }
        } else {
            let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
            guard (1...2).contains(parts.count) else { return nil }
            host = String(parts[0])
            if parts.count == 2 { port = parts[1] }
        }
        guard !host.isEmpty, let number = Int(port), (1...65_535).contains(number) else { return nil }
        self.port = number
    }

    /// As the `Host` header has it.
    package var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
