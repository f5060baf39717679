import Logging
import QueueModel
import SQLiteStore
import Synchronization
import Testing

/// What the store tells of how long it kept everybody waiting.
@Suite struct StepTimeTests {
    /// A clock that goes on by a millisecond with each look at it.
    private final class Ticks: Sendable {
        private let milliseconds = Mutex<Int64>(0)

        func next() -> Int64 {
            milliseconds.withLock {
                $0 += 1
                return $0 * 1_000_000
            }
        }
    }

    @Test func `steps are timed by their kind and told at the end`() throws {
        let directory = TemporaryDirectory()
        let ticks = Ticks()
        let lines = LogLines()
        var configuration = SQLiteStoreConfiguration()
        configuration.machineClocks = MachineClocks(
            wall: { Timestamp(milliseconds: 1_700_000_000_000) },
            monotonicNanoseconds: { ticks.next() }
        )
        let store = try SQLiteStore(
            directory: directory.path,
            clock: HandClock(),
            configuration: configuration,
            logger: lines.logger
        ) { Issue.record($0) }
        let orders = queueName("orders")
        _ = store.apply(.createQueue(CreateQueueCommand(queue: orders)))
        _ = store.apply(.purgeQueue(PurgeQueueCommand(queue: orders)))
        _ = try store.snapshot()
        // Its end comes after its answer, but before the next command.
        _ = store.apply(.purgeQueue(PurgeQueueCommand(queue: orders)))
        let times = store.stepTimes(isStartingAnew: true)
        #expect(times[.purgeQueue]?.count == 2)
        #expect(times[.purgeQueue]?.longestNanoseconds == 1_000_000)
        #expect(times[.commit]?.count == 3)
        #expect(times[.inspection]?.count == 1)
        #expect(times[.sweep] == nil)
        #expect(store.stepTimes().isEmpty)
        store.close()
        #expect(lines.contains("the longest steps of the writer"))
    }
}
