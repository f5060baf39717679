internal import NIOCore

/// How a request of the Query protocol is told from others.
enum QueryForm {
    /// Whether the target's query or a form in the body has a parameter `Action`.
    static func namesAction(_ head: RequestHead, body: ByteBuffer) -> Bool {
        if let query = head.query, namesAction(query.utf8) {
            return true
        }
        return head.isForm && namesAction(body.readableBytesView)
    }

    private static func namesAction(_ form: some Collection<UInt8>) -> Bool {
        var rest = form[...]
        while true {
            if rest.starts(with: "Action=".utf8) {
                return true
            }
            guard let next = rest.firstIndex(of: UInt8(ascii: "&")) else { return false }
            rest = rest[rest.index(after: next)...]
        }
    }
}
