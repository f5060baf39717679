import Logging
import QueueModel
import Synchronization

/// The clock of a store in use: `SteadyTime` over the machine's clocks.
final class SteadyClock: StoreClock {
    private struct State {
        var time: SteadyTime
        var isFarFromWall = false
    }

    private let clocks: MachineClocks
    private let state: Mutex<State>
    private let logger: Logger

    init(lastWritten: Timestamp, clocks: MachineClocks, logger: Logger) {
        let wall = clocks.wall()
        if lastWritten > wall {
            logger.warning(
                "the wall clock is behind the last moment written; time goes on from there",
                metadata: ["behindMilliseconds": "\(lastWritten.milliseconds - wall.milliseconds)"]
            )
        }
        state = Mutex(
            State(
                time: SteadyTime(
                    wall: wall,
                    lastWritten: lastWritten,
                    monotonicNanoseconds: clocks.monotonicNanoseconds()
                )
            )
        )
        self.clocks = clocks
        self.logger = logger
    }

    func now() -> Timestamp {
        let (now, ahead, hasChanged) = state.withLock { state in
            let (now, ahead) = state.time.advance(
                wall: clocks.wall(),
                monotonicNanoseconds: clocks.monotonicNanoseconds()
            )
            let isFar = abs(ahead) >= SteadyTime.noteworthyMilliseconds
            defer { state.isFarFromWall = isFar }
            return (now, ahead, isFar != state.isFarFromWall)
        }
        if hasChanged {
            logger.warning(
                "the wall clock has moved against the broker's time, which follows it slowly",
                metadata: ["aheadMilliseconds": "\(ahead)"]
            )
        }
        return now
    }
}
