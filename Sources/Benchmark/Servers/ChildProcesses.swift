internal import Glibc
internal import Synchronization

/// The servers that run for the measurement; none of them outlives it when it is interrupted.
package enum ChildProcesses {
    private static let running = Mutex<Set<pid_t>>([])

    /// Notes a server that was started.
    static func add(_ pid: pid_t) {
        running.withLock { _ = $0.insert(pid) }
    }

    /// Notes the end of a server.
    static func remove(_ pid: pid_t) {
        running.withLock { _ = $0.remove(pid) }
    }

    /// Ends them with SIGKILL; from any thread, before this process ends.
    package static func killAll() {
        running.withLock { for pid in $0 { kill(pid, SIGKILL) } }
    }
}
