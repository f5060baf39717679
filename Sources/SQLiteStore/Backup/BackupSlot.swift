import Dispatch
import Synchronization

/// Room for the one backup that a store makes at a time.
final class BackupSlot: Sendable {
    private struct State {
        var running: RunningBackup?
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Backups whose end was not told yet.
    private let untold = DispatchGroup()

    func take(_ backup: RunningBackup) throws(BackupError) {
        let refusal: BackupError? = state.withLock { state in
            if state.isClosed { return .storeStopped }
            if state.running != nil { return .alreadyRunning }
            state.running = backup
            untold.enter()
            return nil
        }
        if let refusal { throw refusal }
    }

    /// Makes room for the next backup, and tells of the end of this one.
    func release(telling tell: () -> Void) {
        state.withLock { $0.running = nil }
        tell()
        untold.leave()
    }

    /// Ends the backup that runs, waits until that is told, and lets no other begin.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.running?.end(because: .storeStopped)
        }
        untold.wait()
    }
}
