import QueueModel
import SQLiteStore
import Synchronization

/// A machine whose wall clock a test sets and stops, and whose monotonic clock runs as the test tells it.
final class TestMachine: Sendable {
    private struct State {
        var wallMilliseconds: Int64 = 1_700_000_000_123
        var monotonicMilliseconds: Int64 = 7_654_321
        var isWallStopped = false
    }

    private let state = Mutex(State())

    /// For a store.
    var clocks: MachineClocks {
        MachineClocks(
            wall: { [self] in wall },
            monotonicNanoseconds: { [self] in state.withLock { $0.monotonicMilliseconds } * 1_000_000 }
        )
    }

    /// What the wall clock shows.
    var wall: Timestamp {
        Timestamp(milliseconds: state.withLock { $0.wallMilliseconds })
    }

    /// Lets time go by; the wall clock sees it unless it is stopped.
    func advance(milliseconds: Int64) {
        state.withLock { state in
            state.monotonicMilliseconds += milliseconds
            if !state.isWallStopped { state.wallMilliseconds += milliseconds }
        }
    }

    /// Sets the wall clock forward, or back if the number is negative.
    func setWall(forwardSeconds: Int) {
        state.withLock { $0.wallMilliseconds += Int64(forwardSeconds) * 1_000 }
    }

    /// Lets the wall clock stand still or run again.
    func stopWall(_ isStopped: Bool) {
        state.withLock { $0.isWallStopped = isStopped }
    }
}
