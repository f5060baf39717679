/// A reason to end the measurement: an answer that was an error, a server that did not start, a message lost.
struct BenchError: Error, CustomStringConvertible {
    /// What went wrong, in one line or with the server's last words below it.
    let description: String

    /// Puts an error together.
    init(_ description: String) {
        self.description = description
    }
}
