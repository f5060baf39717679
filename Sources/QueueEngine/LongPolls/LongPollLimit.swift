import Logging
import Synchronization

/// How many receives wait for messages and how many may.
///
/// Who is turned away hears nothing of the reason, so the log tells it: once, and again after there was much room.
final class LongPollLimit: Sendable {
    private let longPollsMax: Int
    private let logger: Logger
    private let waiting = Atomic<Int>(0)
    private let hasWarned = Atomic(false)

    init(longPollsMax: Int, logger: Logger) {
        self.longPollsMax = longPollsMax
        self.logger = logger
    }

    /// How many wait now.
    var longPolls: Int {
        waiting.load(ordering: .relaxed)
    }

    /// Counts one more, or says that there must not be one more.
    func admits() -> Bool {
        guard waiting.add(1, ordering: .relaxed).newValue > longPollsMax else { return true }
        waiting.subtract(1, ordering: .relaxed)
        if !hasWarned.exchange(true, ordering: .relaxed) {
            logger.warning(
                "receives are answered without waiting: as many wait as may (server.long_polls_max)",
                metadata: ["long_polls_max": "\(longPollsMax)"]
            )
        }
        return false
    }

    /// One that was admitted was answered.
    func left() {
        if waiting.subtract(1, ordering: .relaxed).newValue == longPollsMax / 2 {
            hasWarned.store(false, ordering: .relaxed)
        }
    }
}
