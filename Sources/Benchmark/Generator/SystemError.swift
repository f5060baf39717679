internal import Glibc

/// What the last failed system call says about itself.
enum SystemError {
    /// Its text, such as `Connection refused`.
    static var text: String { String(cString: strerror(errno)) }
}
