internal import Glibc

/// The process's standard error.
enum StandardError {
    /// Writes one line with a single system call, so that lines of several threads don't mix.
    ///
    /// Nothing is said of failures: there is nowhere left to say it.
    static func write(line: String) {
        var text = line
        text.append("\n")
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let start = rest.baseAddress, rest.count > 0 {
                let written = Glibc.write(STDERR_FILENO, start, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            }
        }
    }
}
