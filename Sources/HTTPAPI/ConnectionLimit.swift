package import Logging
package import NIOCore
internal import Synchronization

/// How many connections are open and how many may be, for all event loops together.
///
/// Somebody who is turned away hears nothing of the reason, so the log tells it: once a minute at most.
package final class ConnectionLimit: Sendable {
    private static let warningPause = TimeAmount.minutes(1)

    private let connectionsMax: Int
    private let logger: Logger
    private let open = Atomic<Int>(0)
    private let warnedAt = Mutex<NIODeadline?>(nil)

    /// Starts with no connection open.
    package init(connectionsMax: Int, logger: Logger) {
        self.connectionsMax = connectionsMax
        self.logger = logger
    }

    /// How many connections are open now.
    package var connections: Int {
        open.load(ordering: .relaxed)
    }

    /// Counts one more connection, or says that there must not be one more.
    package func admits(now: NIODeadline) -> Bool {
        guard open.add(1, ordering: .relaxed).newValue > connectionsMax else { return true }
        open.subtract(1, ordering: .relaxed)
        warn(now: now)
        return false
    }

    /// A connection that was admitted has closed.
    package func connectionClosed() {
        open.subtract(1, ordering: .relaxed)
    }

    private func warn(now: NIODeadline) {
        let isDue = warnedAt.withLock { warnedAt in
            if let last = warnedAt, now - last < Self.warningPause { return false }
            warnedAt = now
            return true
        }
        guard isDue else { return }
        logger.warning(
            "connections are turned away: as many are open as may be (server.connections_max)",
            metadata: ["connections_max": "\(connectionsMax)"]
        )
    }
}
