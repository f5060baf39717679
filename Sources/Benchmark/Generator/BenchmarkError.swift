/// A reason to end a measurement: an answer that was an error, a server that did not start, a check that failed.
package struct BenchmarkError: Error, CustomStringConvertible {
    /// What kind of reason, for those who exit by it.
    package enum Kind: Sendable {
        /// Nobody listens, or the connection broke.
        case unreachable

        /// The server answered with an error, or with what is no answer of SQS.
        case answer

        /// Anything else.
        case other
    }

    /// What kind of reason.
    package let kind: Kind

    /// What went wrong, in one line or with the server's last words below it.
    package let description: String

    /// Puts an error together.
    package init(_ description: String, kind: Kind = .other) {
        self.kind = kind
        self.description = description
    }

    /// An error of a system call that has just failed.
    static func system(_ action: String, kind: Kind = .other) -> BenchmarkError {
        BenchmarkError("\(action): \(SystemError.text)", kind: kind)
    }
}
