import QueueEngine
import ReferenceStore
import Synchronization

/// Timers that go off when a test moves the time, which moves the store's clock along.
final class ManualTimers: Timers {
    private struct Entry {
        let number: Int
        let due: Int64
        let action: @Sendable () -> Void
    }

    private struct State {
        var now: Int64 = 0
        var made = 0
        var entries: [Entry] = []
    }

    private struct Handle: TimerHandle {
        let number: Int
        let timers: ManualTimers

        func cancel() {
            timers.state.withLock { $0.entries.removeAll { $0.number == number } }
        }
    }

    private let clock: ManualClock
    private let state = Mutex(State())

    init(clock: ManualClock) {
        self.clock = clock
    }

    /// How many have been scheduled and neither went off nor were cancelled.
    var waiting: Int {
        state.withLock { $0.entries.count }
    }

    /// Milliseconds from now at which those go off.
    var delays: [Int64] {
        state.withLock { state in state.entries.map { $0.due - state.now }.sorted() }
    }

    func schedule(afterMilliseconds delay: Int64, _ action: @escaping @Sendable () -> Void) -> any TimerHandle {
        precondition(delay > 0, "a timer lies in the future")
        return state.withLock { state in
            state.made += 1
            state.entries.append(Entry(number: state.made, due: state.now + delay, action: action))
            return Handle(number: state.made, timers: self)
        }
    }

    /// Moves the time on; what comes due goes off at its moment, in order.
    func advance(milliseconds: Int64) {
        let end = state.withLock { $0.now } + milliseconds
        while let entry = next(until: end) { entry.action() }
        state.withLock { state in
            clock.advance(milliseconds: end - state.now)
            state.now = end
        }
    }

    private func next(until end: Int64) -> Entry? {
        state.withLock { state in
            let entry = state.entries.min { ($0.due, $0.number) < ($1.due, $1.number) }
            guard let entry, entry.due <= end else { return nil }
            state.entries.removeAll { $0.number == entry.number }
            clock.advance(milliseconds: entry.due - state.now)
            state.now = entry.due
            return entry
        }
    }
}
