internal import Glibc

/// The number of files and connections the process may have open.
enum OpenFileLimit {
    /// Raises the soft limit to the hard one and tells what holds now.
    ///
    /// Shells hand down a soft limit of 1,024, which is fewer connections than a broker may have.
    static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        var raised = limit
        raised.rlim_cur = limit.rlim_max
        if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        return Int(clamping: limit.rlim_cur)
    }
}
