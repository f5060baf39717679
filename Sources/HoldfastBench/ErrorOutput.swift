import Glibc

/// The standard error output.
enum ErrorOutput {
    /// Writes a line.
    static func print(_ line: String) {
        // Nobody can be told if this fails.
        _ = Array((line + "\n").utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
