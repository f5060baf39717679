import Dispatch
import Glibc
import Synchronization

/// The servers that run for the bench; none of them outlives it when it is interrupted.
enum ChildProcesses {
    private static let running = Mutex<Set<pid_t>>([])

    /// Notes a server that was started.
    static func add(_ pid: pid_t) {
        running.withLock { _ = $0.insert(pid) }
    }

    /// Notes the end of a server.
    static func remove(_ pid: pid_t) {
        running.withLock { _ = $0.remove(pid) }
    }

    /// From now on SIGINT and SIGTERM end the servers, call `cleanUp`, and then end the bench.
    ///
    /// Returns what must be kept alive as long as that shall hold.
    static func endWhenInterrupted(cleanUp: @escaping @Sendable () -> Void) -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                running.withLock { for pid in $0 { kill(pid, SIGKILL) } }
                cleanUp()
                exit(128 + number)
            }
            source.resume()
            return source
        }
    }
}
