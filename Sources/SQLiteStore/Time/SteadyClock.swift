import Foundation
import Logging
import QueueModel
import Synchronization

/// The clock of a store in use: `SteadyTime` over the machine's clocks.
final class SteadyClock: StoreClock {
    private struct State {
        var time: SteadyTime
        var isFarFromWall = false
    }

    private let state: Mutex<State>
    private let logger: Logger

    init(lastWritten: Timestamp, logger: Logger) {
        let wall = SteadyClock.wall()
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
                    monotonicNanoseconds: SteadyClock.nanoseconds(CLOCK_BOOTTIME)
                )
            )
        )
        self.logger = logger
    }

    func now() -> Timestamp {
        let (now, ahead, hasChanged) = state.withLock { state in
            let (now, ahead) = state.time.advance(
                wall: SteadyClock.wall(),
                monotonicNanoseconds: SteadyClock.nanoseconds(CLOCK_BOOTTIME)
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

    private static func wall() -> Timestamp {
        Timestamp(milliseconds: nanoseconds(CLOCK_REALTIME) / 1_000_000)
    }

    /// CLOCK_BOOTTIME goes on while the machine sleeps, so leases do not outlive a closed lid.
    private static func nanoseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
