package import Logging
package import NIOCore
internal import Synchronization

/// How many connections are open and how many may be, for all event loops together.
///
/// Somebody who is turned away hears nothing of the reason, so the log tells it: once a minute at most.
package final class ConnectionLimit: Sendable {
    /// What becomes of a connection.
    package enum Admission: Sendable {
        /// It is served.
        case served

        /// There are too many: it is told so, and closed.
        case surplus

        /// There are too many that have to be told so: it is closed.
        case closed
    }

    private static let warningPause = TimeAmount.minutes(1)

    private let connectionsMax: Int
    private let surplusMax: Int
    private let logger: Logger
    private let open = Atomic<Int>(0)
    private let warnedAt = Mutex<NIODeadline?>(nil)

    /// Starts with no connection open.
    package init(connectionsMax: Int, surplusMax: Int = 0, logger: Logger) {
        self.connectionsMax = connectionsMax
        self.surplusMax = surplusMax
        self.logger = logger
    }

    /// How many connections are open now, surplus ones counted.
    package var connections: Int {
        open.load(ordering: .relaxed)
    }

    /// Counts one more connection, unless it is to be closed.
    package func admit(now: NIODeadline) -> Admission {
        let count = open.add(1, ordering: .relaxed).newValue
        if count <= connectionsMax { return .served }
        warn(now: now)
        if count <= connectionsMax + surplusMax { return .surplus }
        open.subtract(1, ordering: .relaxed)
        return .closed
    }

    /// A connection that was counted has closed.
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
