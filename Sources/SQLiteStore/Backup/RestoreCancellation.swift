import SQLite
import Synchronization

/// Whether a restore is still wanted, and what it does at the moment that would take long.
final class RestoreCancellation: Sendable {
    private struct State {
        var isCancelled = false
        var interrupt: Interrupt?
    }

    private let state = Mutex(State())

    /// Ends the statement that runs, if there is one, and has each further look at it fail.
    func cancel() {
        state.withLock { state in
            state.isCancelled = true
            state.interrupt?.send()
        }
    }

    /// Has a connection's statement ended by `cancel`, or none; to be given none before the connection is closed.
    func watch(_ connection: Connection?) {
        state.withLock { $0.interrupt = connection.map(Interrupt.init) }
    }

    /// Throws if the restore is not wanted any more.
    func check() throws(BackupError) {
        if state.withLock({ $0.isCancelled }) { throw .restoreCancelled }
    }
}
